//! What exists on this system: transports, models, services. For menus, `list` and checks of lab files; the window may
//! not enter `model` or `service` itself.

use std::sync::LazyLock;

use crate::lab::{Known, Transport};
use crate::settings::SettingDef;
use crate::{model, service};

pub use crate::model::ModelGroup;

/// One I/O model as menus and lists show it.
#[derive(Clone, Copy, Debug)]
pub struct ModelInfo {
    /// Stable id.
    pub id: &'static str,
    /// Its place in the editor.
    pub group: ModelGroup,
    /// A few English words for `list models`.
    pub summary: &'static str,
    /// Why this system lacks it; `None` where it runs.
    pub missing: Option<&'static str>,
    /// The file that implements it, for reading.
    pub source: &'static str,
    /// What can be set.
    pub settings: &'static [SettingDef],
    /// Why datagram sockets have no meaning under it; `None` where they do.
    pub no_datagrams: Option<&'static str>,
}

/// One service as menus and lists show it.
#[derive(Clone, Copy, Debug)]
pub struct ServiceInfo {
    /// Stable id.
    pub id: &'static str,
    /// A few English words for `list services`.
    pub summary: &'static str,
    /// What can be set.
    pub settings: &'static [SettingDef],
}

/// Every model, also those this system lacks.
pub fn models() -> impl Iterator<Item = ModelInfo> {
    model::MODELS.iter().map(|m| ModelInfo {
        id: m.id,
        group: m.group,
        summary: m.summary,
        missing: m.missing,
        source: m.source,
        settings: m.settings,
        no_datagrams: m.no_datagrams,
    })
}

/// The model that a new server gets: the selector of this system.
pub fn default_model() -> &'static str {
    if cfg!(target_os = "linux") {
        "epoll-lt"
    } else if cfg!(any(target_os = "macos", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd", target_os = "dragonfly")) {
        "kqueue"
    } else {
        "poll"
    }
}

/// Every service.
pub fn services() -> impl Iterator<Item = ServiceInfo> {
    service::SERVICES.iter().map(|s| ServiceInfo { id: s.id, summary: s.summary, settings: s.settings })
}

/// The ids that a lab file may name. Models that this system lacks are among them: a lab from another system opens, and
/// starting that server says why it cannot.
pub fn known() -> Known<'static> {
    static MODELS: LazyLock<Vec<&str>> = LazyLock::new(|| models().map(|m| m.id).collect());
    static SERVICES: LazyLock<Vec<&str>> = LazyLock::new(|| services().map(|s| s.id).collect());
    Known { models: &MODELS, services: &SERVICES, default_model: default_model() }
}

/// Every transport, and why this system lacks it.
pub fn transports() -> impl Iterator<Item = (Transport, Option<&'static str>)> {
    Transport::ALL.into_iter().map(|t| (t, missing(t)))
}

/// Why this system lacks a transport; `None` where it exists.
pub fn missing(transport: Transport) -> Option<&'static str> {
    match transport {
        Transport::UnixDgram if cfg!(windows) => Some("Windows has no Unix datagram sockets"),
        Transport::UnixStream if cfg!(windows) => {
            static EXIST: LazyLock<bool> = LazyLock::new(crate::sys::has_unix_streams);
            if *EXIST { None } else { Some("this Windows has no Unix sockets; they came with Windows 10 version 1803") }
        }
        Transport::Tcp | Transport::Udp | Transport::UnixStream | Transport::UnixDgram => None,
    }
}
