//! Where words may start in texts of nothing but characters: symbols are elements there.

use crate::{
    filter::Filter,
    folded::{Item, PADDING},
    layer::View,
    places::{Place, sift},
    stream::Element,
    symbols::{END, Symbol},
};

/// Zeros behind characters.
const BEHIND: usize = 2;

/// Adds the places of a text without letters, digits and decoration in which nobody passes
/// anything: all symbols are elements.
pub(crate) fn close(filter: &Filter, padded: &[Item], view: View, places: &mut Vec<Place>) {
    match view {
        View::Spelling => close_by(filter, padded, |symbol| symbol, places),
        view => {
            let table = view.table();
            close_by(filter, padded, |symbol| table[usize::from(symbol)], places);
        }
    }
}

/// The way most texts go.
#[inline(never)]
fn close_by(
    filter: &Filter,
    padded: &[Item],
    of: impl Fn(Symbol) -> Element,
    places: &mut Vec<Place>,
) {
    let count = padded.len() - PADDING;
    let element = |item: &Item| of(item.symbol());
    sift((filter, true), &padded[..=count], element, |second| {
        let window = [0, 1, 2].map(|place| element(&padded[second - 1 + place]));
        if filter.has_more(window) {
            places.push(Place { at: second as u32 - 1, open: false, odd: false, window });
        }
    });
}

/// The characters of a text without letters and digits, which are its elements.
#[derive(Default)]
pub(crate) struct Characters {
    /// With room behind them, which is 0.
    symbols: Vec<Symbol>,
    starts: Vec<u32>,
    len: usize,
}

impl Characters {
    /// Takes what is neither blank nor mark.
    pub fn fill(&mut self, items: &[Item]) {
        if self.symbols.len() < items.len() + BEHIND {
            self.symbols.resize(items.len() + BEHIND, END);
            self.starts.resize(items.len(), 0);
        }
        let mut len = 0;
        for (at, item) in items.iter().enumerate() {
            (self.symbols[len], self.starts[len]) = (item.symbol(), at as u32);
            len += usize::from(item.is_word());
        }
        self.symbols[len..len + BEHIND].fill(END);
        self.len = len;
    }

    /// Adds the places of a view.
    pub fn sift(&self, filter: &Filter, view: View, places: &mut Vec<Place>) {
        match view {
            View::Spelling => self.sift_by(filter, |symbol| symbol, places),
            view => {
                let table = view.table();
                self.sift_by(filter, |symbol| table[usize::from(symbol)], places);
            }
        }
    }

    #[inline(always)]
    fn sift_by(&self, filter: &Filter, of: impl Fn(Symbol) -> Element, places: &mut Vec<Place>) {
        let element = |symbol: &Symbol| of(*symbol);
        sift((filter, true), &self.symbols[..=self.len], element, |second| {
            let window = [0, 1, 2].map(|place| element(&self.symbols[second - 1 + place]));
            if filter.has_more(window) {
                let at = self.starts[second - 1];
                places.push(Place { at, open: false, odd: false, window });
            }
        });
    }
}
