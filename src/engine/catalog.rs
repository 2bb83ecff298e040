//! What exists on this system: transports, models, services. For menus, `list` and checks of lab files; the window may
//! not enter `model` or `service` itself.

use std::sync::LazyLock;

use crate::lab::{Address, Known, KnownItem, Transport};
use crate::model;
use crate::probe::Unavailable;
use crate::service::{self, Pace};
use crate::settings::{SettingDef, Settings};

pub use crate::model::{ForEach, ModelGroup};

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
    /// Its name below `src`, e.g. `model/epoll_lt.rs`.
    pub file: &'static str,
    /// What each connection has for itself; `None` where they share what there is.
    pub for_each: Option<ForEach>,
    /// Whether its wait tells of a change only once.
    pub edge_triggered: bool,
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
        file: m.file,
        for_each: m.for_each,
        edge_triggered: m.edge_triggered,
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

/// The model with this id.
pub fn model(id: &str) -> Option<ModelInfo> {
    models().find(|m| m.id == id)
}

/// What can be set about the model with this id; nothing about one that does not exist.
pub fn model_settings(id: &str) -> &'static [SettingDef] {
    model(id).map_or(&[], |m| m.settings)
}

/// Every service.
pub fn services() -> impl Iterator<Item = ServiceInfo> {
    service::SERVICES.iter().map(|s| ServiceInfo { id: s.id, summary: s.summary, settings: s.settings })
}

/// The service with this id.
pub fn service(id: &str) -> Option<ServiceInfo> {
    services().find(|s| s.id == id)
}

/// What can be set about the service with this id; nothing about one that does not exist.
pub fn service_settings(id: &str) -> &'static [SettingDef] {
    service(id).map_or(&[], |s| s.settings)
}

/// Whether a service leaves bytes unread on purpose, as it is set at first.
pub fn reads_slowly(id: &str) -> bool {
    service::find(id).is_some_and(|s| (s.make)(&Settings::default()).pace() != Pace::Eager)
}

/// Why a server over this transport cannot run under this model on this system: one of the two is missing here, or the model
/// has no meaning for datagrams. `None` when it runs, or when there is no such model.
pub fn conflict(transport: Transport, model_id: &str) -> Option<&'static str> {
    let model = model(model_id)?;
    let of_datagrams = if transport.is_stream() { None } else { model.no_datagrams };
    missing(transport).or(model.missing).or(of_datagrams)
}

/// How many descriptors this process may have open; `None` where the system has no such limit. A system call each time.
pub fn descriptor_limit() -> Option<u64> {
    crate::sys::descriptor_limit()
}

/// Whether this system has IPv6 on loopback. Asks the system each time.
pub fn has_ipv6() -> bool {
    crate::sys::has_ipv6()
}

/// What a lab file may name. Models that this system lacks are among them: a lab from another system opens, and
/// starting that server says why it cannot.
pub fn known() -> Known<'static> {
    static MODELS: LazyLock<Vec<KnownItem<'_>>> =
        LazyLock::new(|| models().map(|m| KnownItem { id: m.id, settings: m.settings, no_datagrams: m.no_datagrams }).collect());
    static SERVICES: LazyLock<Vec<KnownItem<'_>>> =
        LazyLock::new(|| services().map(|s| KnownItem { id: s.id, settings: s.settings, no_datagrams: None }).collect());
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

/// Whether the system's rule lets this process bind a socket to the port of this address; `None` where the rule is not known. A path has
/// no port.
pub fn may_bind(address: &Address) -> Option<bool> {
    match address {
        Address::Inet { port, .. } => crate::sys::may_bind(*port),
        Address::Path(_) => Some(true),
    }
}

/// Why the states of TCP connections are not told here; `None` where they are.
pub fn no_tcp_states() -> Option<Unavailable> {
    crate::probe::KernelWatch::NO_STATES
}

/// Why this system makes no pairs of Unix sockets; `None` where it does.
pub fn no_pairs() -> Option<&'static str> {
    if cfg!(unix) { None } else { Some("Winsock has no socketpair") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_is_said_for_what_is_missing_and_for_datagrams_without_a_meaning() {
        for model in models() {
            for (transport, missing) in transports() {
                let why = conflict(transport, model.id);
                let works = missing.is_none() && model.missing.is_none() && (transport.is_stream() || model.no_datagrams.is_none());
                assert_eq!(why.is_none(), works, "{} {transport}: {why:?}", model.id);
            }
        }
        assert_eq!(conflict(Transport::Tcp, default_model()), None);
        assert_eq!(conflict(Transport::Tcp, "no such model"), None);
    }

    #[test]
    fn settings_are_found_by_id_and_are_those_of_the_lists() {
        assert_eq!(service_settings("list-echo").iter().map(|s| s.id).collect::<Vec<_>>(), ["delimiter", "max_item"]);
        assert!(service_settings("echo").is_empty() && service_settings("http").is_empty() && model_settings("epol").is_empty());
        assert!(reads_slowly("silent") && reads_slowly("slow-reader") && !reads_slowly("echo") && !reads_slowly("no such service"));
        let known = known();
        assert!(known.models.iter().all(|item| item.settings.len() == model_settings(item.id).len()));
        assert!(known.services.iter().all(|item| item.settings.len() == service_settings(item.id).len()));
        assert!(known.models.iter().any(|item| item.id == known.default_model) && service("echo").is_some());
    }
}
