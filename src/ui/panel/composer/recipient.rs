//! To whom a packet goes: all connections, some of them, or, for datagrams, any address.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use eframe::egui::{Button, Checkbox, Id, Label, Popup, PopupCloseBehavior, ScrollArea, Ui};

use crate::engine::{ConnState, ConnView, SendTo, SessionView};
use crate::lab::Transport;
use crate::tr;
use crate::trace::ConnId;
use crate::ui::Cx;
use crate::ui::theme::{Type, icons};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{FieldSpec, icon, words};

use super::{Subject, edit_messages};

/// To whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum To {
    /// Every connection that is open when each send is due.
    #[default]
    All,
    /// These, at least one.
    These(Vec<ConnId>),
    /// UDP: this address, as typed.
    Address(String),
}

impl To {
    /// As the engine takes it.
    pub fn send_to(&self) -> SendTo {
        match self {
            Self::All => SendTo::All,
            Self::These(conns) => match conns.as_slice() {
                [one] => SendTo::One(*one),
                many => SendTo::These(Arc::from(many)),
            },
            Self::Address(address) => SendTo::Address(Arc::from(address.trim())),
        }
    }
}

/// The button with its list; thousands are listed without drawing them all.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, subject: &Subject<'_>, session: Option<&SessionView>, to: &mut To) {
    let c = &cx.theme.colors;
    let live: Vec<&ConnView> = session.map_or(&[][..], |s| &s.connections).iter().filter(|v| v.state != ConnState::Closed).collect();
    if let To::These(conns) = to {
        conns.retain(|conn| live.iter().any(|v| v.info.id == *conn));
        if conns.is_empty() {
            *to = To::All;
        }
    }
    let line = |conn: &ConnView| {
        let other = conn.info.other_end.get().map_or(&*conn.info.peer, |(_, _, name)| name);
        format!("{} {other}", conn.info.number)
    };
    let all = tr!(cx.text, "inspector-to-all", count = live.len() as u64);
    let any = tr!(cx.text, "composer-to-address");
    let shown = match to {
        To::All => all.clone(),
        To::Address(_) => any.clone(),
        To::These(conns) => match conns.as_slice() {
            [one] => live.iter().find(|v| v.info.id == *one).map_or_else(String::new, |v| line(v)),
            many => tr!(cx.text, "composer-to-these", count = many.len() as u64),
        },
    };
    let caret = icon(icons::CARET_DOWN, 12.0, c.text_3);
    let button = ui.add(Button::new((words(&shown, Type::Body, c.text_1), caret)));
    let button = button.accessible_name(tr!(cx.text, "composer-to")).on_hover_text(tr!(cx.text, "composer-to-tip"));
    Popup::menu(&button).width(220.0).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if ui.selectable_label(*to == To::All, all).clicked() {
            *to = To::All;
            ui.close();
        }
        if subject.transport == Transport::Udp && ui.selectable_label(matches!(to, To::Address(_)), any).clicked() {
            *to = To::Address(String::new());
            ui.close();
        }
        ScrollArea::vertical().max_height(260.0).show_rows(ui, 28.0, live.len(), |ui, range| {
            for conn in &live[range] {
                let mut conns = if let To::These(conns) = &*to { conns.clone() } else { Vec::new() };
                let mut is = conns.contains(&conn.info.id);
                if ui.add_sized([ui.available_width(), 28.0], Checkbox::new(&mut is, line(conn))).changed() {
                    if is {
                        conns.push(conn.info.id)
                    } else {
                        conns.retain(|other| *other != conn.info.id)
                    }
                    *to = if conns.is_empty() { To::All } else { To::These(conns) };
                }
            }
        });
    });
}

/// The address, and what a broadcast needs.
pub fn address_ui(ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, to: &mut To) {
    let To::Address(address) = to else { return };
    let (name, tip, hint) = (tr!(cx.text, "composer-address"), tr!(cx.text, "composer-address-tip"), tr!(cx.text, "composer-address-hint"));
    let id = Id::unique(("composer", subject.id.0, "address"));
    FieldSpec { name: &name, tip: &tip, hint: &hint, width: f32::INFINITY, bad: false, id }.show(ui, cx.theme, address);
    if may_be_broadcast(address) && !subject.messages.cast.broadcast {
        ui.horizontal_wrapped(|ui| {
            let warning = words(tr!(cx.text, "composer-broadcast-off"), Type::Caption, cx.theme.colors.error.text);
            ui.add(Label::new(warning).wrap());
            let (label, tip) = (tr!(cx.text, "composer-broadcast-set"), tr!(cx.text, "composer-broadcast-set-tip"));
            if ButtonSpec::new(&label, &tip).show(ui, cx.theme).clicked() {
                edit_messages(cx, subject.id, "composer-edit-broadcast", None, |m| m.cast.broadcast = true);
            }
        });
    }
}

/// The limited broadcast, or an address that ends as broadcast addresses of usual networks do: which ones are, the system knows.
fn may_be_broadcast(address: &str) -> bool {
    let host = address.trim().rsplit_once(':').map_or(address.trim(), |(host, _)| host);
    matches!(host.parse(), Ok(IpAddr::V4(ip)) if ip == Ipv4Addr::BROADCAST || (ip.octets()[3] == 255 && !ip.is_multicast()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broadcast_addresses_are_told_from_others() {
        for yes in ["255.255.255.255:9", "192.168.1.255:5000", " 10.255.255.255 "] {
            assert!(may_be_broadcast(yes), "{yes}");
        }
        for no in ["127.0.0.1:255", "239.1.1.255:9", "[::1]:255", "name:9", ""] {
            assert!(!may_be_broadcast(no), "{no}");
        }
    }

    #[test]
    fn one_is_no_list() {
        assert_eq!(To::These(vec![ConnId(3)]).send_to(), SendTo::One(ConnId(3)));
        assert_eq!(To::Address(" h:1 ".into()).send_to(), SendTo::Address("h:1".into()));
    }
}
