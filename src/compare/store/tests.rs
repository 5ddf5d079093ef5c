use super::*;
use crate::compare::record::PROTOCOL;

fn record(key: &str) -> Record {
    Record {
        protocol: PROTOCOL,
        key: key.to_owned(),
        arm: "adam".into(),
        phase: "tuning".to_owned(),
        lr: 0.1,
        seed: 1,
        diverged: None,
        points: Vec::new(),
        seconds: 0.0,
        wall_seconds: 0.0,
    }
}

#[test]
fn a_torn_last_line_is_dropped_and_the_rest_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(RESULTS);
    let mut store = Store::open(folder.path()).unwrap();
    store.append(&record("a")).unwrap();
    store.append(&record("b")).unwrap();
    drop(store);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    assert_eq!(store.kept(), 1);
    assert_eq!(store.take("a"), Some(record("a")));
    assert_eq!(store.take("b"), None);
    store.append(&record("b")).unwrap();
    drop(store);
    assert_eq!(fs::read(&path).unwrap(), whole);
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(RESULTS);
    let mut store = Store::open(folder.path()).unwrap();
    store.append(&record("a")).unwrap();
    let error = Store::open(folder.path()).unwrap_err().to_string();
    assert!(error.starts_with("another comparison is writing"), "{error}");
    drop(store);
    fs::write(&path, "{}\n").unwrap();
    let error = Store::open(folder.path()).unwrap_err().to_string();
    assert!(error.starts_with("line 1 of"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"{}\n");
    assert!(Store::open(&folder.path().join("none")).is_err());
}

#[test]
fn all_files_of_results_are_read_and_one_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let line = |key: &str| format!("{}\n", serde_json::to_string(&record(key)).unwrap());
    let other = folder.path().join("results-2.jsonl");
    // Its last line is still being written by someone else.
    let text = format!("{}{}{{\"key\":\"t", line("a"), line("b"));
    fs::write(&other, &text).unwrap();
    fs::write(folder.path().join("notes.jsonl"), "mine").unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    assert_eq!(store.kept(), 2);
    assert!(store.take("a").is_some() && store.take("b").is_some());
    store.append(&record("c")).unwrap();
    drop(store);
    assert_eq!(fs::read_to_string(&other).unwrap(), text);
    assert_eq!(fs::read_to_string(folder.path().join(RESULTS)).unwrap(), line("c"));
    let mut keys: Vec<_> = records(folder.path()).unwrap().into_keys().collect();
    keys.sort();
    assert_eq!(keys, ["a", "b", "c"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_without_end_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.path().join(RESULTS)).unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Io { .. })));
}
