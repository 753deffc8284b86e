use std::collections::VecDeque;

/// When something happened of late: a sliding window, as vendors count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Window(VecDeque<f64>);

impl Window {
    /// Counts one more, unless there were `limit` in the last so many seconds. Says whether
    /// it counted.
    pub(crate) fn take(&mut self, now: f64, limit: usize, seconds: f64) -> bool {
        let room = self.within(now, seconds) < limit;
        if room {
            self.0.push_back(now);
        }
        room
    }

    /// How many there were in the last so many seconds.
    pub(crate) fn within(&self, now: f64, seconds: f64) -> usize {
        self.0.iter().filter(|time| now - **time < seconds).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides() {
        let mut window = Window::default();
        for (now, expected) in
            [(0.0, true), (50.0, true), (59.9, false), (60.0, true), (61.0, false), (110.0, true)]
        {
            assert_eq!(window.take(now, 2, 60.0), expected, "{now}");
        }
        assert_eq!(window.within(110.0, 1_000.0), 4);
    }
}
