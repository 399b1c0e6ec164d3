//! HTTP statuses as an open enum: the ones an API's pages speak of by name, all others by number.

use std::fmt;

use crate::runtime::text::print;

macro_rules! statuses {
    ($($name:ident = $code:literal, $reason:literal;)*) => {
        /// An HTTP status.
        ///
        /// ```
        /// use runtime::Status;
        ///
        /// let status = Status::from(404);
        /// assert_eq!((status, status.reason()), (Status::NotFound, "Not Found"));
        /// assert!(status == 404 && status.is_client_error());
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Status {
            $(#[doc = concat!("`", $code, " ", $reason, "`")] $name,)*
            /// Any other status.
            Other(u16),
        }

        impl Status {
            /// The number.
            #[inline]
            pub const fn code(self) -> u16 {
                match self { $(Self::$name => $code,)* Self::Other(code) => code }
            }

            /// The reason phrase; empty for a status without a name here.
            #[inline]
            pub const fn reason(self) -> &'static str {
                match self { $(Self::$name => $reason,)* Self::Other(_) => "" }
            }
        }

        const REASONS: &[(u16, &str)] = &[$(($code, $reason),)*];

        impl From<u16> for Status {
            #[inline]
            fn from(code: u16) -> Self {
                match code { $($code => Self::$name,)* code => Self::Other(code) }
            }
        }
    };
}

statuses! {
    Ok = 200, "OK";
    Created = 201, "Created";
    Accepted = 202, "Accepted";
    NoContent = 204, "No Content";
    BadRequest = 400, "Bad Request";
    Unauthorized = 401, "Unauthorized";
    PaymentRequired = 402, "Payment Required";
    Forbidden = 403, "Forbidden";
    NotFound = 404, "Not Found";
    MethodNotAllowed = 405, "Method Not Allowed";
    NotAcceptable = 406, "Not Acceptable";
    RequestTimeout = 408, "Request Timeout";
    Conflict = 409, "Conflict";
    Gone = 410, "Gone";
    PreconditionFailed = 412, "Precondition Failed";
    ContentTooLarge = 413, "Content Too Large";
    UnsupportedMediaType = 415, "Unsupported Media Type";
    UnprocessableContent = 422, "Unprocessable Content";
    Locked = 423, "Locked";
    PreconditionRequired = 428, "Precondition Required";
    TooManyRequests = 429, "Too Many Requests";
    InternalServerError = 500, "Internal Server Error";
    NotImplemented = 501, "Not Implemented";
    BadGateway = 502, "Bad Gateway";
    ServiceUnavailable = 503, "Service Unavailable";
    GatewayTimeout = 504, "Gateway Timeout";
    HttpVersionNotSupported = 505, "HTTP Version Not Supported";
}

impl Status {
    /// Whether it is a 2xx.
    #[inline]
    pub const fn is_success(self) -> bool {
        self.code() / 100 == 2
    }

    /// Whether it is a 4xx.
    #[inline]
    pub const fn is_client_error(self) -> bool {
        self.code() / 100 == 4
    }

    /// Whether it is a 5xx.
    #[inline]
    pub const fn is_server_error(self) -> bool {
        self.code() / 100 == 5
    }
}

/// The same as `Status::reason`, from a table: that one is compiled only where a caller asks for it.
pub(crate) fn reason(code: u16) -> &'static str {
    for (known, reason) in REASONS {
        if *known == code {
            return reason;
        }
    }
    ""
}

impl PartialEq<u16> for Status {
    #[inline]
    fn eq(&self, other: &u16) -> bool {
        self.code() == *other
    }
}

impl fmt::Display for Status {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code())?;
        match self.reason() {
            "" => Ok(()),
            reason => print(f, &[" ", reason]),
        }
    }
}
