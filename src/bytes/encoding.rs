//! Characters as bytes, in the encodings people meet on the wire.

use serde::{Deserialize, Serialize};

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// RFC 3629.
    #[default]
    Utf8,
    /// RFC 20: 7 bits.
    Ascii,
    /// RFC 2781, least significant byte first.
    Utf16Le,
    /// RFC 2781, most significant byte first.
    Utf16Be,
    /// Simplified Chinese, as the WHATWG has it.
    Gbk,
    /// Simplified Chinese, all of Unicode: GB 18030.
    Gb18030,
    /// Traditional Chinese.
    Big5,
    /// Japanese.
    ShiftJis,
    /// ISO 8859-1: the first 256 characters of Unicode.
    Latin1,
}

impl Encoding {
    /// In the order of menus.
    pub const ALL: [Self; 9] =
        [Self::Utf8, Self::Ascii, Self::Utf16Le, Self::Utf16Be, Self::Gbk, Self::Gb18030, Self::Big5, Self::ShiftJis, Self::Latin1];

    /// The stable string in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Ascii => "ascii",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gbk => "gbk",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
            Self::ShiftJis => "shift-jis",
            Self::Latin1 => "latin-1",
        }
    }

    /// The encoding with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.id() == id)
    }
}
