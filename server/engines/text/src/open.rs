//! Places that something ambiguous keeps open: what stands there may be read in several ways,
//! and the filter knows the words only as they are spelt.

use crate::{
    edges::{Edge, Edges},
    filter::Filter,
    folded::Item,
    layer::View,
    letters,
    places::Place,
    stream::Element,
    symbols::{Class, END},
};

/// Different letters and characters that something ambiguous keeps open before itself.
const NEAR: usize = 3;
/// Items among which these are sought: some may be repeated, or have symbols between.
const MOST_NEAR: usize = 64;

/// Adds the places that something ambiguous keeps open, and puts all into order.
pub(crate) fn add_open(
    items: &[Item],
    edges: &Edges,
    view: View,
    filter: &Filter,
    places: &mut Vec<Place>,
) {
    let before = places.len();
    for at in edges.opened(view) {
        open_near(items, at, places);
        open_symbols(items, at, filter, places);
    }
    for split in edges.splits() {
        match Split::of(split, items, edges, view) {
            Some(split) => places.extend(split.starts(filter).map(open)),
            None => open_near(items, split.at, places),
        }
        open_symbols(items, split.at, filter, places);
    }
    if places.len() > before {
        places.sort_by_key(|place| (place.at, !place.open));
        places.dedup_by_key(|place| place.at);
    }
}

/// Adds symbols near before an item that words start with.
fn open_symbols(items: &[Item], at: u32, filter: &Filter, places: &mut Vec<Place>) {
    if !filter.has_symbols() {
        return;
    }
    let mut words = 0;
    let ahead = (0..at).rev().take(MOST_NEAR).take_while(|&at| {
        words += usize::from(items[at as usize].is_word());
        words <= NEAR
    });
    let starts = ahead.filter(|&at| filter.has_symbol(items[at as usize].symbol()));
    places.extend(starts.map(open));
}

fn open(at: u32) -> Place {
    Place { at, open: true, odd: false, window: [0; 3] }
}

/// Adds an item that the filter knows nothing of, and those before it.
fn open_near(items: &[Item], at: u32, places: &mut Vec<Place>) {
    places.push(open(at));
    let ahead = (0..at).rev().take(MOST_NEAR).filter(|&at| items[at as usize].is_word());
    let (mut last, mut different) = (None, 0);
    let near = ahead.take_while(|&at| {
        let symbol = Some(items[at as usize].symbol());
        different += usize::from(last != symbol);
        last = symbol;
        different <= NEAR
    });
    places.extend(near.map(open));
}

/// A character in parts among others, two on each side, as a view sees them.
struct Split {
    elements: [Element; 5],
    /// Where the first three of them start.
    starts: [u32; 3],
}

impl Split {
    /// `None` when something near it is no character, or ambiguous itself.
    fn of(edge: &Edge, items: &[Item], edges: &Edges, view: View) -> Option<Self> {
        let characters = |near: &mut dyn Iterator<Item = u32>| {
            // Behind the ends of a text nothing stands.
            let (mut two, mut count) = ([(END, edge.at); 2], 0);
            for at in near {
                let item = items[at as usize];
                if !edges.is_plain(at) {
                    return None;
                } else if !item.is_word() {
                    continue;
                } else if item.class() != Class::Han || item.key() != 0 {
                    return None;
                }
                two[count] = (view.of(item.symbol()), at);
                count += 1;
                if count == two.len() {
                    break;
                }
            }
            Some(two)
        };
        let [b, a] = characters(&mut (0..edge.at).rev().take(MOST_NEAR))?;
        let behind = edge.at + edge.len..items.len() as u32;
        let [d, e] = characters(&mut behind.take(MOST_NEAR))?;
        let &[whole] = &*edge.symbols else { return None };
        if letters::key(whole) != 0 {
            return None;
        }
        Some(Self { elements: [a.0, b.0, view.of(whole), d.0, e.0], starts: [a.1, b.1, edge.at] })
    }

    /// The places from which a word may start that has the character among its first three.
    fn starts(self, filter: &Filter) -> impl Iterator<Item = u32> {
        let [a, b, c, d, e] = self.elements;
        let windows = [[a, b, c], [b, c, d], [c, d, e]].into_iter().zip(self.starts);
        windows.filter(|(window, _)| window[0] != END && filter.has_start(*window)).map(|two| two.1)
    }
}
