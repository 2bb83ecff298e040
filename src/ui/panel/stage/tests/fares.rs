//! A client of many connections says what those do that are not open, by label and as painted.

use std::sync::Arc;

use eframe::egui::vec2;
use egui_kittest::kittest::{NodeT as _, Queryable};

use super::super::gather::Mood;
use super::super::layout::layout;
use super::super::words;
use super::harness;
use crate::engine::{Cause, ConnState, ConnectView, EndReason, Failure, Operation, Retry};
use crate::lab::{EndpointId, Reconnect, Transport};
use crate::ui::panel::fake::{AT, World, ms};
use crate::ui::theme::{Theme, Type};
use crate::ui::{Language, Selection};

/// 23 of the 40 connections of `load` are open, beside other clients and servers that make the cards compact.
fn load(transport: Transport) -> (World, EndpointId) {
    let mut world = World::empty();
    let address = if transport.is_unix() { "/tmp/lab.sock" } else { "127.0.0.1:7788" };
    let echo = world.server("echo", transport, address, "epoll-lt");
    let load = world.client("load", echo);
    world.lab.client_mut(load).unwrap().connections = 40;
    let other = world.server("other", Transport::Tcp, "127.0.0.1:7790", "iterative");
    let phone = world.client("phone", other);
    for _ in 0..23 {
        world.connect(load, echo, |far, _| far.active = AT);
    }
    world.connect(phone, other, |_, _| {});
    (world, load)
}

/// Seventeen more, each as `make` says.
fn others(world: &mut World, client: EndpointId, state: ConnState, end: Option<&Cause>, connect: ConnectView) {
    for _ in 0..17 {
        let mut conn = world.conn(client, "127.0.0.1:7788", AT - ms(1_800));
        (conn.state, conn.connect) = (state, Some(Arc::new(connect)));
        if let Some(cause) = end {
            conn.end = Some(EndReason::Failed(Failure::because(Operation::Connect, "127.0.0.1:7788", cause.clone())));
            conn.closed = Some(AT - ms(400));
        }
        world.push(client, conn);
    }
    let failed = end.map_or(0, |_| 17);
    world.session(client).counters.failed = failed;
}

fn calling(transport: Transport, connect: ConnectView) -> (World, EndpointId) {
    let (mut world, client) = load(transport);
    others(&mut world, client, ConnState::Connecting, None, connect);
    (world, client)
}

fn lost(cause: &Cause) -> (World, EndpointId) {
    let (mut world, client) = load(Transport::Tcp);
    others(&mut world, client, ConnState::Closed, Some(cause), ConnectView::default());
    (world, client)
}

fn again() -> ConnectView {
    ConnectView { retries: 1, next_try: Some(AT + ms(1_200)), is_measured: true, ..ConnectView::default() }
}

/// The label of the client's token, in both languages.
fn says(make: impl Fn() -> (World, EndpointId)) -> [String; 2] {
    [(Language::English, Theme::light()), (Language::Chinese, Theme::dark())].map(|(language, theme)| {
        let mut harness = harness(make().0.look(language, theme), vec2(706.0, 400.0));
        harness.run();
        harness.get_by_label_contains("load ×").accesskit_node().label().unwrap()
    })
}

#[test]
fn those_who_still_call_are_told_beside_those_who_are_open() {
    let [english, chinese] = says(|| calling(Transport::Tcp, again()));
    assert_eq!(english, "load ×40, 23 open · 17 connecting (SYN sent again, next in 1.2 s)");
    assert_eq!(chinese, "load ×40, 23 个已连接 · 17 个正在连接（已重传 SYN，1.2 秒后再次重传）");
    let [english, _] = says(|| calling(Transport::Tcp, ConnectView { retries: 0, ..again() }));
    assert_eq!(english, "load ×40, 23 open · 17 connecting (SYN sent, next in 1.2 s)");
    let asks = ConnectView { retries: 12, next_try: Some(AT + ms(20)), ..ConnectView::default() };
    let [english, chinese] = says(|| calling(Transport::UnixStream, asks));
    assert_eq!(english, "load ×40, 23 open · 17 connecting (EAGAIN, asks again)");
    assert_eq!(chinese, "load ×40, 23 个已连接 · 17 个正在连接（得到 EAGAIN，不断重试）");
}

#[test]
fn a_system_that_does_not_tell_of_syns_leaves_the_count() {
    let [english, _] = says(|| calling(Transport::Tcp, ConnectView::default()));
    assert_eq!(english, "load ×40, 23 open · 17 connecting");
}

#[test]
fn those_who_did_not_get_in_are_told_with_their_cause() {
    let [english, chinese] = says(|| lost(&Cause::TimedOut));
    assert_eq!((&*english, &*chinese), ("load ×23, 23 open · 17 timed out", "load ×23, 23 个已连接 · 17 个超时"));
    let [english, chinese] = says(|| lost(&Cause::Refused));
    assert_eq!((&*english, &*chinese), ("load ×23, 23 open · 17 refused", "load ×23, 23 个已连接 · 17 个被拒绝"));
    let [english, _] = says(|| lost(&Cause::NoPortsLeft));
    assert_eq!(english, "load ×23, 23 open · 17 failed");
    // Of more than the session lists, the rest is known by number.
    let [english, _] = says(|| {
        let (mut world, client) = lost(&Cause::TimedOut);
        world.session(client).counters.failed = 1_000;
        (world, client)
    });
    assert_eq!(english, "load ×23, 23 open · 1,000 timed out");
}

#[test]
fn who_connects_again_is_lost_only_until_then() {
    let again = |due: bool| {
        says(|| {
            let (mut world, client) = lost(&Cause::Refused);
            world.lab.client_mut(client).unwrap().reconnect = Reconnect::Backoff;
            let session = world.session(client);
            // Each of them has failed three times.
            session.counters.failed = 51;
            session.retry = due.then_some(Retry { attempt: 4, at: AT + ms(2_500) });
            (world, client)
        })
    };
    let [english, chinese] = again(true);
    assert_eq!(english, "load ×23, 23 open · 17 refused (retry in 2.5 s)");
    assert_eq!(chinese, "load ×23, 23 个已连接 · 17 个被拒绝（2.5 秒后重试）");
    assert!(!again(false)[0].contains("refused"));
}

#[test]
fn an_address_tried_in_vain_before_the_one_in_use_is_no_loss() {
    let [english, _] = says(|| {
        let (mut world, client) = load(Transport::Tcp);
        let mut first = world.conn(client, "[::1]:7788", AT - ms(9_100));
        first.state = ConnState::Closed;
        first.end = Some(EndReason::Failed(Failure::because(Operation::Connect, "[::1]:7788", Cause::Refused)));
        world.push(client, first);
        world.session(client).counters.failed = 1;
        (world, client)
    });
    assert_eq!(english, "load ×23, idle");
}

#[test]
fn what_is_painted_fits_at_every_width_and_speaks_of_the_others() {
    let makes: [fn() -> (World, EndpointId); 4] = [
        || calling(Transport::Tcp, again()),
        || calling(Transport::UnixStream, again()),
        || lost(&Cause::TimedOut),
        || lost(&Cause::Refused),
    ];
    for (make, language) in makes.into_iter().flat_map(|make| [(make, Language::English), (make, Language::Chinese)]) {
        let (world, client) = make();
        let mut harness = harness(world.look(language, Theme::light()), vec2(706.0, 400.0));
        harness.run();
        let (world, _) = harness.state();
        for width in [600.0, 706.0, 868.0, 1_100.0] {
            let scene = layout(&world.snap, &world.lab, Selection::None, width, false);
            let at = world.lab.clients.iter().position(|c| c.id == client).unwrap();
            let Mood::Parted(shares) = scene.facts.clients[at].mood else { panic!("{:?}", scene.facts.clients[at].mood) };
            let painter = harness.ctx.layer_painter(eframe::egui::LayerId::background());
            let pen = super::super::pen::Pen {
                painter: &painter,
                theme: &world.theme,
                text: &world.text,
                origin: eframe::egui::Pos2::ZERO,
                scale: 0.85,
                selection: Selection::None,
                now: AT,
            };
            let place = scene.tokens[at].words;
            let text = pen.fitting(place, Type::Body, 13.0, words::shares_forms(&world.text, &shares));
            let color = world.theme.colors.text_1;
            let needs = painter.layout_no_wrap(text.clone(), Type::Body.at(13.0), color).size().x;
            assert!(needs <= place.width() * pen.scale, "{text} is cut at {width}");
            assert!(text.contains("17"), "{text}");
        }
    }
}
