//! `emit::write`: what reaches the disk, what is left alone, and what a stop or a failure at any step leaves behind.

use generator::emit::{self, FileSet, Halt, MANIFEST_NAME, Manifest, Provenance};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

fn files(list: &[(&str, &str)]) -> FileSet {
    let mut files = FileSet::new();
    for (path, text) in list {
        files.insert(*path, *text);
    }
    files
}

fn manifest(files: &FileSet) -> Manifest {
    Manifest::new(Provenance { document: "d".into(), generator: "g".into(), ..Provenance::default() }, files)
}

fn write(dir: &Path, list: &[(&str, &str)]) -> Result<emit::Written, String> {
    let files = files(list);
    emit::write(dir, &files, &manifest(&files)).map_err(|d| format!("{}: {}", d.code, d.message))
}

/// Everything below `dir`, also what is hidden.
fn tree(dir: &Path) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = path.strip_prefix(dir).expect("below").display().to_string();
            if path.is_dir() {
                out.insert(format!("{name}/"), String::new());
                folders.push(path);
            } else {
                out.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    out
}

fn paths(dir: &Path) -> Vec<String> {
    tree(dir).into_keys().collect()
}

const OLD: &[(&str, &str)] =
    &[("Cargo.toml", "old\n"), ("src/a.rs", "a\n"), ("src/gone/deep.rs", "deep\n"), ("src/lib.rs", "lib\n")];
const NEW: &[(&str, &str)] =
    &[("Cargo.toml", "new\n"), ("src/a.rs", "a\n"), ("src/fresh/b.rs", "b\n"), ("src/lib.rs", "lib 2\n")];

#[test]
fn a_first_run_makes_the_folder_and_the_manifest() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path().join("not/yet/there");
    let written = write(&out, OLD).expect("written");
    assert_eq!((written.created, written.updated, written.removed, written.unchanged), (4, 0, 0, 0));
    assert_eq!(
        paths(&out),
        [MANIFEST_NAME, "Cargo.toml", "src/", "src/a.rs", "src/gone/", "src/gone/deep.rs", "src/lib.rs"]
    );
    let text = fs::read_to_string(out.join(MANIFEST_NAME)).expect("manifest");
    assert_eq!(Manifest::parse(&text), Ok(manifest(&files(OLD))));
}

#[test]
fn a_second_run_changes_what_differs_and_removes_what_is_stale() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    write(out, OLD).expect("written");
    let written = write(out, NEW).expect("written");
    assert_eq!((written.created, written.updated, written.removed, written.unchanged), (1, 2, 1, 1));
    assert_eq!(
        paths(out),
        [MANIFEST_NAME, "Cargo.toml", "src/", "src/a.rs", "src/fresh/", "src/fresh/b.rs", "src/lib.rs"],
        "the emptied folder goes with its file"
    );
}

#[test]
fn unchanged_files_keep_their_time_and_a_right_folder_is_not_written_to() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    write(out, OLD).expect("written");
    let long_ago = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    for path in ["Cargo.toml", "src/a.rs", MANIFEST_NAME] {
        let file = fs::OpenOptions::new().append(true).open(out.join(path)).expect("open");
        file.set_modified(long_ago).expect("set the time");
    }
    let time = |path: &str| fs::metadata(out.join(path)).and_then(|m| m.modified()).expect("time");
    write(out, OLD).expect("written");
    assert_eq!(time(MANIFEST_NAME), long_ago);
    write(out, NEW).expect("written");
    assert_eq!(time("src/a.rs"), long_ago);
    assert_ne!(time("Cargo.toml"), long_ago);
    let mut steps = Vec::new();
    let new = files(NEW);
    emit::write_stepwise(out, &new, &manifest(&new), &mut |step| {
        steps.push(step.to_owned());
        Ok(())
    })
    .expect("written");
    assert_eq!(steps, Vec::<String>::new());
}

#[test]
fn what_is_not_ours_stays() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    fs::create_dir_all(out.join("target/debug")).expect("mkdir");
    fs::write(out.join("target/debug/x"), "built").expect("write");
    fs::write(out.join("Cargo.lock"), "locked").expect("write");
    write(out, OLD).expect("a folder with build products only counts as empty");
    fs::write(out.join("src/mine.rs"), "mine").expect("write");
    fs::write(out.join("src/gone/mine.rs"), "mine too").expect("write");
    write(out, NEW).expect("written");
    let tree = tree(out);
    assert_eq!(tree["target/debug/x"], "built");
    assert_eq!(tree["Cargo.lock"], "locked");
    assert_eq!(tree["src/mine.rs"], "mine");
    assert_eq!(tree["src/gone/mine.rs"], "mine too");
    assert!(!tree.contains_key("src/gone/deep.rs"));
}

#[test]
fn a_folder_of_someone_else_is_refused_untouched() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    fs::write(out.join("thesis.txt"), "years of work").expect("write");
    let before = tree(out);
    let error = write(out, NEW).expect_err("refused");
    assert!(error.starts_with("E0601: ") && error.contains("for instance `thesis.txt`"), "{error}");
    assert_eq!(tree(out), before);
}

#[test]
fn a_file_of_someone_else_is_not_overwritten() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    write(out, OLD).expect("written");
    fs::create_dir(out.join("src/fresh")).expect("mkdir");
    fs::write(out.join("src/fresh/b.rs"), "theirs").expect("write");
    let before = tree(out);
    let error = write(out, NEW).expect_err("refused");
    assert!(error.starts_with("E0603: ") && error.contains("b.rs"), "{error}");
    assert_eq!(tree(out), before);
    fs::write(out.join("src/fresh/b.rs"), "b\r\n").expect("write");
    write(out, NEW).expect("the same content is taken over");
}

#[test]
fn folders_and_links_in_the_way_are_refused() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path().join("out");
    write(&out, OLD).expect("written");
    fs::create_dir_all(out.join("src/fresh/b.rs")).expect("mkdir");
    assert!(write(&out, NEW).expect_err("a folder").starts_with("E0603: "));
    fs::remove_dir_all(out.join("src/fresh")).expect("rmdir");
    fs::write(out.join("src/fresh"), "").expect("write");
    assert!(write(&out, NEW).expect_err("a file for a folder").contains("a folder belongs there"));
    #[cfg(unix)]
    {
        fs::remove_file(out.join("src/fresh")).expect("rm");
        let elsewhere = temp.path().join("elsewhere");
        fs::create_dir(&elsewhere).expect("mkdir");
        std::os::unix::fs::symlink(&elsewhere, out.join("src/fresh")).expect("link");
        assert!(write(&out, NEW).expect_err("a link").contains("a symbolic link"));
        assert_eq!(paths(&elsewhere), Vec::<String>::new());
    }
}

#[test]
fn edits_are_overwritten_and_told() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    write(out, OLD).expect("written");
    fs::write(out.join("src/a.rs"), "edited\n").expect("write");
    let written = write(out, OLD).expect("written");
    assert_eq!(written.edits_lost, ["src/a.rs"]);
    assert_eq!(tree(out)["src/a.rs"], "a\n");
}

#[test]
fn a_crlf_checkout_is_the_same() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    write(out, OLD).expect("written");
    for path in ["Cargo.toml", "src/a.rs", MANIFEST_NAME] {
        let text = fs::read_to_string(out.join(path)).expect("read").replace('\n', "\r\n");
        fs::write(out.join(path), text).expect("write");
    }
    let before = tree(out);
    assert_eq!(write(out, OLD).expect("written").unchanged, 4);
    assert_eq!(tree(out), before);
}

#[test]
fn a_manifest_with_merge_marks_is_mended_and_a_broken_one_refused() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path();
    write(out, OLD).expect("written");
    let text = fs::read_to_string(out.join(MANIFEST_NAME)).expect("read");
    let line = text.lines().find(|line| line.contains("src/gone/deep.rs")).expect("listed");
    let conflicted = text.replace(line, &format!("<<<<<<< ours\n{line}\n=======\n>>>>>>> theirs"));
    fs::write(out.join(MANIFEST_NAME), &conflicted).expect("write");
    assert_eq!(write(out, NEW).expect("written").removed, 1);
    assert!(!tree(out).contains_key("src/gone/deep.rs"));

    for broken in ["{", "{\"format\": 2}", "{\"format\": 1, \"files\": {\"../x\": \"0\"}}"] {
        fs::write(out.join(MANIFEST_NAME), broken).expect("write");
        let before = tree(out);
        assert!(write(out, OLD).expect_err("refused").starts_with("E0604: "), "{broken}");
        assert_eq!(tree(out), before);
    }
}

#[test]
fn paths_that_no_folder_can_hold_are_refused() {
    let temp = tempfile::tempdir().expect("temp dir");
    for path in ["../x", "/x", "a//b", "a/./b", "", "a\\b", "c:x", "target/x", "Cargo.lock", MANIFEST_NAME] {
        assert!(write(temp.path(), &[(path, "")]).expect_err(path).starts_with("E0606: "), "{path}");
    }
    assert!(write(temp.path(), &[("src/Link.rs", ""), ("src/link.rs", "")]).expect_err("case").starts_with("E0606: "));
    assert_eq!(paths(temp.path()), Vec::<String>::new());
}

/// Runs OLD → NEW and lets `halt` decide at step `n`; gives the outcome and how many steps there were.
fn interrupted(out: &Path, n: usize, halt: fn() -> Halt) -> (bool, usize) {
    let new = files(NEW);
    let mut step = 0;
    let result = emit::write_stepwise(out, &new, &manifest(&new), &mut |_| {
        step += 1;
        if step == n + 1 { Err(halt()) } else { Ok(()) }
    });
    (result.is_ok(), step)
}

fn states() -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let temp = tempfile::tempdir().expect("temp dir");
    write(temp.path(), OLD).expect("written");
    let old = tree(temp.path());
    write(temp.path(), NEW).expect("written");
    (old, tree(temp.path()))
}

fn without_journal(tree: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    tree.iter()
        .filter(|(path, _)| !path.starts_with(".generator-journal"))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

#[test]
fn a_kill_at_any_step_leaves_the_old_or_the_new_state() {
    let (old, new) = states();
    let (mut rolled_back, mut rolled_forward) = (0, 0);
    for n in 0.. {
        let temp = tempfile::tempdir().expect("temp dir");
        let out = temp.path();
        write(out, OLD).expect("written");
        let (finished, steps) = interrupted(out, n, || Halt::Kill);
        if finished {
            assert!(n >= 15, "the run has only {steps} steps");
            break;
        }
        // Whether it had come to a decision shows in what a run with the *old* files does first: it finishes the new
        // state, then goes back; so look right after recovery, by stopping before the next change.
        let files = files(OLD);
        let mut recovered = None;
        emit::write_stepwise(out, &files, &manifest(&files), &mut |step| {
            if recovered.is_none() && !matches!(step, "finish" | "close the journal in" | "clear") {
                recovered = Some(tree(out));
            }
            Ok(())
        })
        .expect("the next run works");
        let after = recovered.unwrap_or_else(|| tree(out));
        if after == old {
            rolled_back += 1;
        } else {
            assert_eq!(after, new, "killed at step {n}");
            rolled_forward += 1;
        }
        assert_eq!(tree(out), old, "killed at step {n}, then the old files written");
    }
    assert!(rolled_back > 5 && rolled_forward > 5, "{rolled_back} {rolled_forward}");
}

#[test]
fn a_kill_during_the_finishing_of_a_killed_run_is_finished_too() {
    let (_, new) = states();
    let steps = {
        let temp = tempfile::tempdir().expect("temp dir");
        write(temp.path(), OLD).expect("written");
        interrupted(temp.path(), usize::MAX - 1, || Halt::Kill).1
    };
    for n in 0..steps {
        for again in 0..6 {
            let temp = tempfile::tempdir().expect("temp dir");
            let out = temp.path();
            write(out, OLD).expect("written");
            interrupted(out, n, || Halt::Kill);
            interrupted(out, again, || Halt::Kill);
            write(out, NEW).expect("the third run works");
            assert_eq!(tree(out), new, "killed at {n}, then at {again}");
        }
    }
}

#[test]
fn a_failure_at_any_step_changes_nothing() {
    let (old, new) = states();
    let mut failures = 0;
    for n in 0.. {
        let temp = tempfile::tempdir().expect("temp dir");
        let out = temp.path();
        write(out, OLD).expect("written");
        let (finished, steps) = interrupted(out, n, || Halt::Fail(io::Error::from(io::ErrorKind::StorageFull)));
        if finished {
            // Only clearing up may fail unnoticed: the work is done by then.
            assert_eq!(without_journal(&tree(out)), new, "failed at step {n}");
            write(out, NEW).expect("the next run clears up");
            assert_eq!(tree(out), new);
            if steps <= n {
                break;
            }
        } else {
            failures += 1;
            assert_eq!(tree(out), old, "failed at step {n}");
        }
    }
    assert!(failures > 12, "{failures}");
}

#[test]
fn a_failed_first_run_leaves_no_folder() {
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path().join("a/b");
    for n in 0..12 {
        let (finished, _) = interrupted(&out, n, || Halt::Fail(io::Error::from(io::ErrorKind::PermissionDenied)));
        assert!(!finished);
        assert_eq!(paths(temp.path()), Vec::<String>::new(), "failed at step {n}");
    }
}

#[test]
fn a_failure_says_what_and_where() {
    let temp = tempfile::tempdir().expect("temp dir");
    fs::write(temp.path().join("file"), "").expect("write");
    let out = temp.path().join("file/out");
    let files = files(NEW);
    let error = emit::write(&out, &files, &manifest(&files)).expect_err("a file is no folder");
    assert_eq!(error.code, "E0602");
    assert!(error.message.contains("file/out"), "{}", error.message);
    // The words are the system's; Windows does not tell a file from nothing here.
    if cfg!(unix) {
        assert!(error.message.ends_with("not a directory"), "{}", error.message);
        assert_eq!(error.help.as_deref(), Some("nothing was changed; a part of this path is a file, not a folder"));
    }
}

#[test]
#[cfg(unix)]
fn a_read_only_tree_is_refused_and_a_right_one_is_fine() {
    use std::os::unix::fs::PermissionsExt;
    let temp = tempfile::tempdir().expect("temp dir");
    let out = temp.path().join("out");
    write(&out, OLD).expect("written");
    let set = |path: &str, mode| {
        fs::set_permissions(out.join(path), fs::Permissions::from_mode(mode)).expect("chmod");
    };
    for (locked, open) in [("src", "src"), ("", "")] {
        set(locked, 0o555);
        let bound = fs::write(out.join(locked).join("probe"), "").is_err();
        assert_eq!(write(&out, OLD).map(|w| w.unchanged), Ok(4), "nothing to do asks for no permission");
        if bound {
            let before = tree(&out);
            assert!(write(&out, NEW).expect_err("refused").contains("permission denied"));
            assert_eq!(tree(&out), before);
        } else {
            println!("this user may write anywhere: the refusal itself is not tested");
            fs::remove_file(out.join(locked).join("probe")).expect("rm");
        }
        set(open, 0o755);
    }
}

#[test]
fn a_staged_file_changes_when_it_is_committed_and_not_before() {
    let temp = tempfile::tempdir().expect("temp dir");
    let path = temp.path().join("spec/names.lock");
    let staged = emit::stage_file(&path, b"one\n").expect("staged");
    assert!(!path.exists());
    drop(staged);
    assert_eq!(paths(temp.path()), ["spec/"], "a staged file that is not committed leaves nothing");
    assert_eq!(emit::stage_file(&path, b"one\n").and_then(emit::StagedFile::commit).ok(), Some(true));
    assert_eq!(emit::stage_file(&path, b"one\n").and_then(emit::StagedFile::commit).ok(), Some(false));
    assert_eq!(paths(temp.path()), ["spec/", "spec/names.lock"]);
    fs::write(temp.path().join("file"), "").expect("write");
    assert_eq!(emit::stage_file(&temp.path().join("file/x"), b"").map(drop).map_err(|d| d.code), Err("E0602"));
}
