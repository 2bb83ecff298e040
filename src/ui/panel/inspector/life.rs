//! How a server lives: how many requests, how long it waits, whom it lets in. Lists of addresses are checked while they are
//! typed; what makes no sense stays in its field.

use eframe::egui::{CollapsingHeader, DragValue, Label, Ui};
use ipnet::IpNet;

use super::draft::{Drafts, Field, merge_id};
use super::server::field_id;
use super::{accept, row};
use crate::lab::{EndpointId, Filter, Life, MAX_WAIT_MS, Server};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::Type;
use crate::ui::widget::controls::{FieldSpec, error_line, section, with_edge, words};

/// Requests after which a server may be told to end.
const MOST_REQUESTS: u64 = 1_000_000_000;

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, drafts: &mut Drafts) {
    let theme = cx.theme;
    section(ui, theme, None, |ui| {
        let title = words(tr!(cx.text, "life-title"), Type::Strong, theme.colors.text_1);
        // Few servers end by themselves: what is as always stays folded.
        let head = CollapsingHeader::new(title).id_salt(("life", server.id)).default_open(server.life != Life::default());
        let shown = head.show_unindented(ui, |ui| rows_ui(ui, cx, server, drafts));
        shown.header_response.on_hover_text(tr!(cx.text, "life-tip"));
    });
}

fn rows_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, drafts: &mut Drafts) {
    let life = &server.life;
    if server.transport.is_stream() {
        accept::ui(ui, cx, server);
    }
    let requests = Number { key: "life-requests", zero: "life-requests-forever", unit: "", most: MOST_REQUESTS };
    number_ui(ui, cx, server.id, &requests, life.requests, |l, n| l.requests = n);
    let millis = |key, zero| Number { key, zero, unit: " ms", most: MAX_WAIT_MS };
    number_ui(ui, cx, server.id, &millis("life-poll", "life-poll-none"), life.poll_interval_ms, |l, n| l.poll_interval_ms = n);
    if server.transport.is_stream() {
        number_ui(ui, cx, server.id, &millis("life-idle", "life-idle-never"), life.idle_timeout_ms, |l, n| l.idle_timeout_ms = n);
    }
    // A Unix peer has no address to choose by.
    if !server.transport.is_unix() {
        let allow = List { key: "life-allow", field: Field::Allow };
        list_ui(ui, cx, server.id, &allow, &life.accept.allow, drafts, |filter, list| filter.allow = list);
        let deny = List { key: "life-deny", field: Field::Deny };
        list_ui(ui, cx, server.id, &deny, &life.accept.deny, drafts, |filter, list| filter.deny = list);
    }
    let refused = cx.snap.session(server.id).map_or(0, |s| s.refused);
    if refused > 0 {
        ui.add(Label::new(words(tr!(cx.text, "life-refused", n = refused), Type::Caption, cx.theme.colors.text_2)).wrap());
    }
}

/// One number with what its zero means.
struct Number {
    key: &'static str,
    zero: &'static str,
    unit: &'static str,
    most: u64,
}

fn number_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, number: &Number, was: u64, write: impl FnOnce(&mut Life, u64)) {
    row(ui, cx, number.key, |ui, cx| {
        let mut now = was;
        let drag = DragValue::new(&mut now).range(0..=number.most).fixed_decimals(0).speed(1.0).suffix(number.unit);
        let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([96.0, 28.0], drag));
        response.accessible_name(tr!(cx.text, number.key)).on_hover_text(tr!(cx.text, &format!("{}-tip", number.key)));
        if now == 0 {
            ui.label(words(tr!(cx.text, number.zero), Type::Caption, cx.theme.colors.text_3));
        }
        if now != was {
            cx.edit("life-edit", merge_id(id, number.key), |lab| {
                if let Some(server) = lab.server_mut(id) {
                    write(&mut server.life, now);
                }
            });
        }
    });
}

/// One list of addresses.
struct List {
    key: &'static str,
    field: Field,
}

fn list_ui(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    id: EndpointId,
    list: &List,
    was: &[IpNet],
    drafts: &mut Drafts,
    write: impl FnOnce(&mut Filter, Vec<IpNet>),
) {
    let written = written(was);
    let mut changed = false;
    row(ui, cx, list.key, |ui, cx| {
        let draft = drafts.text(id, list.field, &written);
        let bad = parse(draft).is_err();
        let (name, tip) = (tr!(cx.text, list.key), tr!(cx.text, &format!("{}-tip", list.key)));
        let hint = tr!(cx.text, &format!("{}-hint", list.key));
        let spec = FieldSpec { name: &name, tip: &tip, hint: &hint, width: ui.available_width(), bad, id: field_id(id, list.key) };
        changed = spec.show(ui, cx.theme, draft).changed();
    });
    match parse(drafts.text(id, list.field, &written)) {
        Ok(new) if changed => {
            drafts.taken(id, list.field, self::written(&new));
            cx.edit("life-edit", merge_id(id, list.key), |lab| {
                if let Some(server) = lab.server_mut(id) {
                    write(&mut server.life.accept, new);
                }
            });
        }
        Ok(_) => {}
        Err(bad) => error_line(ui, cx.theme, &tr!(cx.text, "life-bad-range", text = bad)),
    }
}

/// The list as a person writes it: one address has no length behind it.
fn written(list: &[IpNet]) -> String {
    let one = |net: &IpNet| if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() };
    list.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// The ranges of a text, or the first part that is none.
fn parse(text: &str) -> Result<Vec<IpNet>, String> {
    let parts = text.split([' ', ',', ';', '，', '、']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Filter::parse_range(part).ok_or_else(|| part.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_people_write_it() {
        let list = parse(" 127.0.0.1, 10.0.0.0/8  ::1").unwrap();
        assert_eq!((list.len(), written(&list)), (3, "127.0.0.1 10.0.0.0/8 ::1".into()));
        assert_eq!(parse("127.0.0.1 here"), Err("here".into()));
        assert_eq!(parse("10.0.0.0/33"), Err("10.0.0.0/33".into()));
        assert!(parse("").unwrap().is_empty());
    }
}
