use generator::pipeline::*;
fn main() {
    let mut args = std::env::args().skip(1);
    let spec = args.next().unwrap();
    let out = args.next().unwrap();
    let inputs = Inputs { spec: spec.into(), config: args.next().map(Into::into), name: Some("slice".into()), ..Default::default() };
    let t = std::time::Instant::now();
    let g = generate(&inputs);
    eprintln!("{:?} {:?} {} diagnostics", t.elapsed(), g.report, g.diagnostics.len());
    for d in g.diagnostics.iter().take(40) { eprintln!("{}", generator::diagnostic::render(d, &g.sources, generator::diagnostic::Style::Plain)); }
    for (p, b) in g.files.iter() { let p = std::path::Path::new(&out).join(p); std::fs::create_dir_all(p.parent().unwrap()).unwrap(); std::fs::write(p, b).unwrap(); }
}
