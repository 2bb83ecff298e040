//! Editors for the settings of a model or a service, made from what it says it has. A value that is the default again leaves
//! the lab; a text that makes no sense stays in its field.

use eframe::egui::{Checkbox, DragValue, Label, Ui, vec2};

use super::draft::{Drafts, Field};
use super::server::field_id;
use crate::bytes;
use crate::engine::catalog::{ModelInfo, ServiceInfo};
use crate::lab::{EndpointId, Lab, Server};
use crate::settings::{Setting, SettingDef, SettingKind, Settings, Unit};
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::controls::{ButtonSpec, FieldSpec, error_line, with_edge, words};
use crate::ui::{Cx, Text};

/// Whose settings.
#[derive(Clone, Copy)]
pub enum Of<'a> {
    Model(&'a ModelInfo),
    Service(&'a ServiceInfo),
}

impl Of<'_> {
    fn id(self) -> &'static str {
        match self {
            Self::Model(model) => model.id,
            Self::Service(service) => service.id,
        }
    }

    fn defs(self) -> &'static [SettingDef] {
        match self {
            Self::Model(model) => model.settings,
            Self::Service(service) => service.settings,
        }
    }

    fn get(self, server: &Server) -> &Settings {
        match self {
            Self::Model(_) => &server.model_settings,
            Self::Service(_) => &server.service_settings,
        }
    }

    fn get_mut(self, server: &mut Server) -> &mut Settings {
        match self {
            Self::Model(_) => &mut server.model_settings,
            Self::Service(_) => &mut server.service_settings,
        }
    }

    /// Locale keys of the head, and of the step in the undo menu.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Model(_) => ("settings-model", "settings-edit-model"),
            Self::Service(_) => ("settings-service", "settings-edit-service"),
        }
    }
}

/// Draws one row for each; nothing when there are none.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, of: Of<'_>, drafts: &mut Drafts) {
    if of.defs().is_empty() {
        return;
    }
    let head = match of {
        Of::Model(model) => tr!(cx.text, of.keys().0, model = model.id),
        Of::Service(service) => tr!(cx.text, of.keys().0, service = service.id),
    };
    ui.label(words(head, Type::Caption, cx.theme.colors.text_3));
    for def in of.defs() {
        row_ui(ui, cx, server, of, def, drafts);
    }
}

/// The name of a setting, or with `-tip` what it does: its own words for this item, its words for all items, or what the
/// code says.
fn worded(text: &Text, item: &str, def: &SettingDef, ending: &str) -> String {
    for key in [format!("setting-{item}-{}{ending}", def.id), format!("setting-{}{ending}", def.id)] {
        let found = text.get(&key);
        if found != key {
            return found.into_owned();
        }
    }
    def.summary.to_owned()
}

/// A value as it stands in its editor.
fn value_words(text: &Text, def: &SettingDef, value: &Setting) -> String {
    match (value, def.kind) {
        (Setting::Number(n), SettingKind::Number { unit, .. }) => with_unit(*n, unit),
        (Setting::Number(n), _) => n.to_string(),
        (Setting::Switch(on), _) => tr!(text, if *on { "settings-on" } else { "settings-off" }),
        (Setting::Text(written), _) => format!("“{written}”"),
    }
}

fn with_unit(n: u64, unit: Unit) -> String {
    match unit {
        Unit::Count => n.to_string(),
        Unit::Millis | Unit::Micros | Unit::Bytes => format!("{n} {}", unit.sign()),
    }
}

fn row_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, of: Of<'_>, def: &'static SettingDef, drafts: &mut Drafts) {
    let c = &cx.theme.colors;
    let name = worded(cx.text, of.id(), def, "");
    let default = value_words(cx.text, def, &def.default());
    let changed = of.get(server).get(def.id).is_some();
    let tip = tr!(cx.text, "settings-tip", about = worded(cx.text, of.id(), def, "-tip"), id = def.id);
    let mut asked = None;
    let mut problem = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let (ink, style) = if changed { (c.text_1, Type::Strong) } else { (c.text_3, Type::Caption) };
        ui.allocate_ui_with_layout(vec2(84.0, size::CONTROL), eframe::egui::Layout::left_to_right(eframe::egui::Align::Center), |ui| {
            ui.set_min_width(84.0);
            let label = ui.add(Label::new(words(&name, Type::Caption, ink).font(style.at(11.5))).wrap());
            if changed {
                label.on_hover_text(tr!(cx.text, "settings-changed", default = default.clone()));
            }
        });
        let room = ui.available_width() - if changed { size::CONTROL + space::S } else { 0.0 };
        (asked, problem) = edit_ui(ui, cx, server, of, def, &Named { name: &name, tip: &tip, room }, drafts);
        if changed {
            let (label, tip) = (tr!(cx.text, "settings-reset"), tr!(cx.text, "settings-reset-tip", name = name.clone(), default = default));
            let spec = ButtonSpec::new(&label, &tip).with_icon(icons::ARROW_COUNTER_CLOCKWISE, c.text_2);
            if (ButtonSpec { icon_only: true, ..spec }).show(ui, cx.theme).clicked() {
                asked = Some(def.default());
                drafts.forget(server.id, Field::Setting(of.id(), def.id));
            }
        }
    });
    if let Some(problem) = problem {
        error_line(ui, cx.theme, &problem);
    }
    if let Some(value) = asked {
        let merge = merge(server.id, of.id(), def.id);
        cx.edit(of.keys().1, merge, |lab| set(lab, server.id, of, def, value));
    }
}

/// How one editor is called.
struct Named<'a> {
    name: &'a str,
    tip: &'a str,
    room: f32,
}

/// The editor of one value: what it asks for, and what is wrong with what stands there.
fn edit_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    server: &Server,
    of: Of<'_>,
    def: &'static SettingDef,
    named: &Named<'_>,
    drafts: &mut Drafts,
) -> (Option<Setting>, Option<String>) {
    let settings = of.get(server);
    match def.kind {
        SettingKind::Number { min, max, unit, .. } => {
            let was = settings.number(def);
            let mut number = was;
            let range = tr!(cx.text, "settings-range", min = min.to_string(), max = max.to_string(), unit = with_space(unit));
            let drag = DragValue::new(&mut number).range(min..=max).fixed_decimals(0).speed(speed(min, max)).suffix(with_space(unit));
            let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([96.0, size::CONTROL], drag));
            response.accessible_name(named.name).on_hover_text(format!("{}\n{range}", named.tip));
            ((number != was).then_some(Setting::Number(number)), None)
        }
        SettingKind::Switch { .. } => {
            let was = settings.is_on(def);
            let mut on = was;
            let response = ui.add(Checkbox::without_text(&mut on));
            response.accessible_name(named.name).on_hover_text(named.tip);
            ((on != was).then_some(Setting::Switch(on)), None)
        }
        SettingKind::Text { most, .. } => {
            let written = settings.text(def).to_owned();
            let field = Field::Setting(of.id(), def.id);
            let draft = drafts.text(server.id, field, &written);
            let problem = text_problem(cx.text, draft, most);
            let spec = FieldSpec {
                name: named.name,
                tip: named.tip,
                hint: "",
                width: named.room,
                bad: problem.is_some(),
                id: field_id(server.id, def.id),
            };
            let changed = spec.show(ui, cx.theme, draft).changed();
            let typed = draft.clone();
            let problem = text_problem(cx.text, &typed, most);
            let asked = (changed && problem.is_none() && typed != written).then(|| {
                drafts.taken(server.id, field, typed.clone());
                Setting::Text(typed)
            });
            (asked, problem)
        }
    }
}

fn with_space(unit: Unit) -> String {
    match unit {
        Unit::Count => String::new(),
        Unit::Millis | Unit::Micros | Unit::Bytes => format!(" {}", unit.sign()),
    }
}

/// Points that a drag needs for one step: a few hundred from end to end.
fn speed(min: u64, max: u64) -> f64 {
    ((max - min) as f64 / 400.0).clamp(0.05, 50.0)
}

/// What is wrong with a text; `None` when it may be had.
fn text_problem(text: &Text, typed: &str, most: usize) -> Option<String> {
    let len = typed.chars().count();
    if len > most {
        return Some(tr!(text, "settings-too-long", len = len, most = most));
    }
    bytes::parse_text(typed).err().map(|error| crate::ui::failure_words::bytes_error(text, &error))
}

/// A value that is the default again leaves the lab: files hold what was changed.
fn set(lab: &mut Lab, id: EndpointId, of: Of<'_>, def: &SettingDef, value: Setting) {
    if let Some(server) = lab.server_mut(id) {
        let settings = of.get_mut(server);
        if value == def.default() { settings.unset(def.id) } else { settings.set(def.id, value) }
    }
}

/// Dragging one number, or typing one text, is one step.
fn merge(id: EndpointId, item: &'static str, setting: &'static str) -> Option<u64> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    ("setting", id, item, setting).hash(&mut hasher);
    Some(hasher.finish())
}
