//! Graphs of numbered nodes: which of them lie on a common circle.

/// Tarjan's algorithm without recursion: per node the number of its strongly connected component.
pub(crate) fn strong_components(n: usize, edges: &impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    #[derive(Clone, Copy, Default)]
    struct Seen {
        index: usize,
        low: usize,
        on_stack: bool,
        visited: bool,
    }
    let mut seen = vec![Seen::default(); n];
    let mut component = vec![usize::MAX; n];
    let (mut stack, mut next, mut count) = (Vec::new(), 0, 0);
    let get = |seen: &Vec<Seen>, i: usize| seen.get(i).copied().unwrap_or_default();
    for start in 0..n {
        if get(&seen, start).visited {
            continue;
        }
        let mut work: Vec<(usize, Vec<usize>, usize)> = vec![(start, edges(start), 0)];
        while let Some((v, out, at)) = work.last_mut() {
            let v = *v;
            if *at == 0
                && !get(&seen, v).visited
                && let Some(s) = seen.get_mut(v)
            {
                *s = Seen { index: next, low: next, on_stack: true, visited: true };
                next += 1;
                stack.push(v);
            }
            if let Some(&w) = out.get(*at) {
                *at += 1;
                let other = get(&seen, w);
                if !other.visited {
                    work.push((w, edges(w), 0));
                } else if other.on_stack
                    && let Some(s) = seen.get_mut(v)
                {
                    s.low = s.low.min(other.index);
                }
                continue;
            }
            work.pop();
            let done = get(&seen, v);
            if let Some((parent, _, _)) = work.last()
                && let Some(p) = seen.get_mut(*parent)
            {
                p.low = p.low.min(done.low);
            }
            if done.low == done.index {
                while let Some(w) = stack.pop() {
                    if let (Some(s), Some(c)) = (seen.get_mut(w), component.get_mut(w)) {
                        s.on_stack = false;
                        *c = count;
                    }
                    if w == v {
                        break;
                    }
                }
                count += 1;
            }
        }
    }
    component
}
