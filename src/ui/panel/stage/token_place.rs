//! Where the clients' tokens stand at the left. Pure.

use eframe::egui::{Pos2, Rect, pos2, vec2};

use super::gather::Facts;
use super::layout::{BEND, EDGE, Scene, TOKEN, Token, end_of};

const TOKEN_X: f32 = 40.0;
/// A token's words reach this far above and below its centre.
const TOKEN_HALF: f32 = 24.0;
/// Least distance between two tokens: two lines of words fit.
const TOKEN_STEP: f32 = 2.0 * TOKEN_HALF;

/// Tokens stand as near as they can to where their lines end, in that order, never on each other and not below the cards
/// while there is room above.
pub fn place_tokens(facts: &Facts<'_>, scene: &Scene<'_>, left: f32, bottom: f32) -> Vec<Token> {
    let mut wish: Vec<(usize, f32)> = (0..facts.clients.len())
        .map(|n| {
            let ends = facts.links.iter().filter(|l| l.from == n).map(|l| end_of(l, scene).y);
            let (sum, count) = ends.fold((0.0, 0), |(s, c), y| (s + y, c + 1));
            (n, if count > 0 { sum / count as f32 } else { f32::INFINITY })
        })
        .collect();
    wish.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let wanted: Vec<f32> = wish.iter().map(|w| w.1).collect();
    let ys = spaced(&wanted, EDGE + TOKEN_HALF, bottom - TOKEN_HALF);
    let mut tokens: Vec<Token> =
        (0..facts.clients.len()).map(|_| Token { center: Pos2::ZERO, name: Rect::ZERO, words: Rect::ZERO }).collect();
    let text_x = TOKEN_X + TOKEN + 12.0;
    let text_w = (left - BEND - text_x).max(40.0) + 20.0;
    for ((n, _), y) in wish.iter().zip(ys) {
        tokens[*n] = Token {
            center: pos2(TOKEN_X, y),
            name: Rect::from_min_size(pos2(text_x, y - 23.0), vec2(text_w, 19.0)),
            words: Rect::from_min_size(pos2(text_x, y + 5.0), vec2(text_w, 18.0)),
        };
    }
    tokens
}

/// Places at least [`TOKEN_STEP`] apart, in this order, that are as near to the wishes as that allows (pool adjacent
/// violators); infinite wishes come right after the others. Between `top` and `bottom` if they fit there.
fn spaced(wishes: &[f32], top: f32, bottom: f32) -> Vec<f32> {
    // Pools of tokens that touch: the sum of what each wants of the pool's first, and how many they are.
    let mut pools: Vec<(f32, usize)> = Vec::new();
    for want in wishes.iter().filter(|w| w.is_finite()) {
        pools.push((*want, 1));
        while let [.., above, last] = pools.as_slice() {
            let (first_above, first_last) = (above.0 / above.1 as f32, last.0 / last.1 as f32);
            if first_above + TOKEN_STEP * above.1 as f32 <= first_last {
                break;
            }
            let moved = last.0 - TOKEN_STEP * (above.1 * last.1) as f32;
            let pool = (above.0 + moved, above.1 + last.1);
            pools.truncate(pools.len() - 2);
            pools.push(pool);
        }
    }
    let mut ys: Vec<f32> =
        pools.iter().flat_map(|(sum, count)| (0..*count).map(move |n| sum / *count as f32 + TOKEN_STEP * n as f32)).collect();
    while ys.len() < wishes.len() {
        ys.push(ys.last().map_or(top, |y| y + TOKEN_STEP));
    }
    let count = ys.len();
    for (n, y) in ys.iter_mut().enumerate() {
        let lowest = bottom - TOKEN_STEP * (count - 1 - n) as f32;
        *y = y.min(lowest).max(top + TOKEN_STEP * n as f32);
    }
    ys
}
