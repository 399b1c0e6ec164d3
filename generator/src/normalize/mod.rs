//! Swagger 2.0, OpenAPI 3.1 and the overlay → the shape of OpenAPI 3.0, places kept.
