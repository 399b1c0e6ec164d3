//! Rendered files → the disk: write, check, diff. The only place that touches the disk.
