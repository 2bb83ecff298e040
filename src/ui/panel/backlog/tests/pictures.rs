//! Pictures of every moment, to look at.

use super::*;

/// Writes pictures to `target/gallery` to look at; needs a Vulkan driver.
#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn gallery() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&dir).unwrap();
    let only = std::env::var("MOMENT").unwrap_or_default();
    let rest: [(&str, Make); 4] = [
        ("empty-lab", World::empty),
        ("empty-stopped", || {
            let mut world = World::empty();
            world.server("door-tcp", Transport::Tcp, "127.0.0.1:7788", "iterative");
            world
        }),
        ("empty-nobody", || {
            let mut world = Run { clients: 0, pace: AcceptPace::Eager, ..Run::default() }.world();
            world.snap.sessions.truncate(1);
            world
        }),
        ("empty-datagram", || {
            let mut world = fake::full();
            let clock = world.server("clock-udp", Transport::Udp, "127.0.0.1:7713", "iterative");
            world.selection = Selection::Endpoint(clock);
            world
        }),
    ];
    for (name, make) in rest.into_iter().filter(|(name, _)| name.contains(&only)) {
        let mut shown = harness(make().look(Language::English, Theme::light()), vec2(907.0, 362.0));
        shown.run();
        shown.render().unwrap().save(dir.join(format!("backlog-{name}.png"))).unwrap();
    }
    for (part, name) in [("Client 10 gets", "tip-calling"), ("Client 7 believes", "tip-queued"), ("4 of 4 places", "tip-figure")] {
        let mut shown = harness(fake::full().look(Language::English, Theme::light()), vec2(1_083.0, 422.0));
        shown.run();
        let seven = told(&shown.state().0).queued[2];
        let chosen = Selection::Conn(seven.owner, seven.view.info.id);
        shown.state_mut().0.selection = chosen;
        let at = shown.get_by_label_contains(part).rect().center();
        shown.hover_at(at);
        (0..40).for_each(|_| shown.step());
        shown.render().unwrap().save(dir.join(format!("backlog-{name}.png"))).unwrap();
    }
    for (name, make) in MOMENTS.into_iter().filter(|(name, _)| name.contains(&only)) {
        for (look, language, theme) in [("light-en", Language::English, Theme::light()), ("dark-zh", Language::Chinese, Theme::dark())] {
            for (w, h) in [(1_083.0, 422.0), (907.0, 362.0), (1_547.0, 540.0)] {
                let mut shown = harness(make().look(language, theme.clone()), vec2(w, h));
                shown.run();
                shown.render().unwrap().save(dir.join(format!("backlog-{name}-{look}-{w}.png"))).unwrap();
            }
        }
    }
}
