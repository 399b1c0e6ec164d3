//! scratch
use generator::adopt::{Adoption, adopt};
use generator::base::diagnostic::Diagnostics;
use generator::document::load;
use std::path::Path;
use std::collections::BTreeMap;

#[test]
fn there_and_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let ext: Vec<String> = ["x-tags", "x-badges.name", "x-tagGroups"].map(str::to_owned).to_vec();
    let mut text = std::fs::read_to_string(root.join("spec/belvo.yaml")).unwrap();
    for (i, file) in ["belvo-1.223.0.json", "belvo-1.35.0.yaml", "belvo-1.223.0.json"].iter().enumerate() {
        let path = root.join("../shared/belvo").join(file);
        let mut d = Diagnostics::new();
        let theirs = load::load(&path, &mut d).unwrap();
        let now = format!("/tmp/adopt/{i}.yaml");
        std::fs::create_dir_all("/tmp/adopt").unwrap();
        let before = format!("/tmp/adopt/before{i}.yaml");
        std::fs::write(&before, &text).unwrap();
        let inputs = |p: &Path| generator::Inputs { spec: p.to_path_buf(), ..Default::default() };
        let (a, b) = generator::drift::understand(&inputs(Path::new(&before)), &inputs(&path));
        let origins: BTreeMap<String, String> = generator::drift::origins(&a, &b);
        let t = std::time::Instant::now();
        let adopted = adopt(&text, Adoption { name: "belvo.yaml", theirs: &theirs.root, extensions: &ext, origins: &origins });
        eprintln!("{file}: {:?}", t.elapsed());
        match adopted {
            Ok(adopted) => {
                for e in &adopted.examples { eprintln!("EX {} {}", e.pointer, e.what); }
                for e in &adopted.doubtful { eprintln!("DOUBT {} {}", e.pointer, e.what); }
                eprintln!("moved {} left out {:?}", adopted.moved.len(), adopted.left_out);
                std::fs::write(&now, &adopted.text).unwrap();
                text = adopted.text;
            }
            Err(e) => panic!("{file}: {e}"),
        }
    }
}
