//! The string formats of draft 2020-12, asserted. Those with a type of their own (`date-time`, `uuid`) share its reader.

mod host;
mod plain;
mod uri;

use super::decimal::is_number;
use super::pattern::is_regex;
use super::types::{self, Base64};
use uri::Alphabet;

/// A format that a text must be in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Format {
    /// RFC 3339 `full-date`.
    Date,
    /// RFC 3339 `date-time`.
    DateTime,
    /// RFC 3339 `full-time`.
    Time,
    /// ISO 8601 durations, as RFC 3339 has them in its appendix A.
    Duration,
    /// RFC 5321 `Mailbox`.
    Email,
    /// RFC 6531 `Mailbox`.
    IdnEmail,
    /// RFC 1123 host names.
    Hostname,
    /// RFC 5890 host names, in letters of any script.
    IdnHostname,
    /// RFC 2673 dotted quads.
    Ipv4,
    /// RFC 4291 addresses, without a zone.
    Ipv6,
    /// RFC 3986, absolute.
    Uri,
    /// RFC 3986, absolute or relative.
    UriReference,
    /// RFC 3987, absolute.
    Iri,
    /// RFC 3987, absolute or relative.
    IriReference,
    /// RFC 6570.
    UriTemplate,
    /// RFC 4122.
    Uuid,
    /// RFC 6901.
    JsonPointer,
    /// Relative JSON pointers.
    RelativeJsonPointer,
    /// ECMA-262 regular expressions.
    Regex,
    /// RFC 4648 base64.
    Byte,
    /// The format registry's fixed point numbers: digits with a sign and a fraction, where there is one.
    Decimal,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Date,
        Self::DateTime,
        Self::Time,
        Self::Duration,
        Self::Email,
        Self::IdnEmail,
        Self::Hostname,
        Self::IdnHostname,
        Self::Ipv4,
        Self::Ipv6,
        Self::Uri,
        Self::UriReference,
        Self::Iri,
        Self::IriReference,
        Self::UriTemplate,
        Self::Uuid,
        Self::JsonPointer,
        Self::RelativeJsonPointer,
        Self::Regex,
        Self::Byte,
        Self::Decimal,
    ];

    /// The name that documents use.
    pub const fn name(self) -> &'static str {
        self.words().0
    }

    /// What it is, for a person.
    pub const fn noun(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Date => ("date", "a date such as 2024-02-29"),
            Self::DateTime => ("date-time", "a date and time such as 2024-02-29T12:00:00Z"),
            Self::Time => ("time", "a time such as 12:00:00Z"),
            Self::Duration => ("duration", "a duration such as P3DT12H"),
            Self::Email => ("email", "an email address"),
            Self::IdnEmail => ("idn-email", "an email address"),
            Self::Hostname => ("hostname", "a host name"),
            Self::IdnHostname => ("idn-hostname", "a host name"),
            Self::Ipv4 => ("ipv4", "an IPv4 address"),
            Self::Ipv6 => ("ipv6", "an IPv6 address"),
            Self::Uri => ("uri", "a URI"),
            Self::UriReference => ("uri-reference", "a URI or a relative reference"),
            Self::Iri => ("iri", "an IRI"),
            Self::IriReference => ("iri-reference", "an IRI or a relative reference"),
            Self::UriTemplate => ("uri-template", "a URI template"),
            Self::Uuid => ("uuid", "a UUID such as 2eb8aa08-aa98-11ea-b4aa-73b441d16380"),
            Self::JsonPointer => ("json-pointer", "a JSON pointer"),
            Self::RelativeJsonPointer => ("relative-json-pointer", "a relative JSON pointer"),
            Self::Regex => ("regex", "a regular expression"),
            Self::Byte => ("byte", "base64"),
            Self::Decimal => ("decimal", "a decimal number such as 12.50"),
        }
    }

    /// Whether a text is in this format.
    pub fn is_valid(self, text: &str) -> bool {
        (self.judge())(text)
    }

    /// What judges texts in this format: where a constant asks, a binary holds only the formats that its rules name.
    pub(super) const fn judge(self) -> fn(&str) -> bool {
        match self {
            Self::Date => |text| types::date(text).is_some(),
            Self::DateTime => |text| types::date_time(text).is_some(),
            Self::Time => |text| types::time_of_day(text).is_some(),
            Self::Regex => is_regex,
            Self::Byte => |text| Base64::decode(text).is_some(),
            Self::Decimal => |text| is_number(text) && !text.contains(['e', 'E']),
            Self::Duration => plain::is_duration,
            Self::Email => |text| plain::is_email(text, false),
            Self::IdnEmail => |text| plain::is_email(text, true),
            Self::Hostname => host::is_ascii,
            Self::IdnHostname => host::is_unicode,
            Self::Ipv4 => uri::is_ipv4,
            Self::Ipv6 => uri::is_ipv6,
            Self::Uri => |text| uri::is_absolute(text, Alphabet::Ascii),
            Self::UriReference => |text| uri::is_reference(text, Alphabet::Ascii),
            Self::Iri => |text| uri::is_absolute(text, Alphabet::Unicode),
            Self::IriReference => |text| uri::is_reference(text, Alphabet::Unicode),
            Self::UriTemplate => uri::is_template,
            Self::Uuid => plain::is_uuid,
            Self::JsonPointer => plain::is_pointer,
            Self::RelativeJsonPointer => plain::is_relative_pointer,
        }
    }
}

#[cfg(test)]
mod tests;
