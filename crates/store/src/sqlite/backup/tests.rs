//! Backups and what is wrong with damaged ones.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use tempfile::TempDir;

use super::sums::sum_tables;
use super::*;
use crate::UnixMillis;

/// A data directory with one document, made by hand.
fn directory() -> TempDir {
    let dir = TempDir::new().unwrap();
    let writer = connection::open_writer(dir.path(), &SqliteOptions::default()).unwrap();
    let rows = "INSERT INTO account VALUES (1, 'a', 1, 5);
        INSERT INTO issuer (issuer_id, account, ruc, code_secret, created_at)
            VALUES (1, 1, '1790012345001', x'00', 5);
        INSERT INTO document (document_id, id, account, issuer, environment, document_type,
            establishment, point, sequential, access_key, schema_version, revision, stage,
            version, submissions, valid, issue_date, receiver_id, receiver_name, total,
            events, created_at, updated_at)
        VALUES (1, x'AB', 1, 1, 1, '01', '001', '002', 1, 'k', '1.1.0', 0, 6, 0, 1, 1,
            '2026-07-29', '', '', '1', 1, 5, 5);
        INSERT INTO event (document, ordinal, revision, stage, kind, at, detail, codec)
            VALUES (1, 1, 0, 6, 'authorized', 5, '', 0);";
    writer.connection().execute_batch(rows).unwrap();
    dir
}

fn contents(files: &[(&str, &[u8])]) -> BackupContents {
    let file = |(name, data): &(&str, &[u8])| ((*name).to_owned(), data.to_vec());
    BackupContents {
        files: files.iter().map(file).collect(),
        notes: vec![("mark".to_owned(), b"7".to_vec())],
        program: "1.2.3".to_owned(),
        at: UnixMillis(7),
    }
}

/// A backup of `dir` after `sql` changed the copy behind the manifest's back.
fn tampered(dir: &TempDir, sql: &str) -> PathBuf {
    let file = dir.path().join("backup");
    create_backup(dir.path(), &file, &contents(&[]), &mut |_, _| {}).unwrap();
    let copy = Connection::open(&file).unwrap();
    copy.pragma_update(None, "foreign_keys", false).unwrap();
    copy.execute_batch(sql).unwrap();
    file
}

fn problems(file: &Path) -> Vec<&'static str> {
    let (_, checks) = verify_backup(file).unwrap();
    let wrong = checks.into_iter().filter(|check| check.problem.is_some());
    wrong.map(|check| check.name).collect()
}

#[test]
fn what_comes_back_is_what_went_in() {
    let (dir, new) = (directory(), TempDir::new().unwrap());
    let file = dir.path().join("backup");
    // Of a run that was interrupted.
    fs::write(dir.path().join("backup.partial"), "half").unwrap();
    let given = contents(&[("a.p12", b"one"), ("simulator/ca/b.der", b"two")]);
    let mut told = Vec::new();
    let mut progress = |done, all| told.push((done, all));
    let made = create_backup(dir.path(), &file, &given, &mut progress).unwrap();
    assert_eq!(made.rows("document"), 1);
    assert_eq!(made.rows("nothing"), 0);
    assert_eq!(problems(&file), Vec::<&str>::new());

    let target = new.path().join("data");
    assert_eq!(restore_backup(&file, &target).unwrap(), made);
    assert_eq!(fs::read(target.join("a.p12")).unwrap(), b"one");
    assert_eq!(fs::read(target.join("simulator/ca/b.der")).unwrap(), b"two");
    assert_eq!(note_in(&target, "mark").unwrap().unwrap(), b"7");
    assert_eq!(note_in(dir.path(), "mark").unwrap(), None);
    let writer = connection::open_writer(&target, &SqliteOptions::default()).unwrap();
    let tables = sum_tables(writer.connection()).unwrap();
    assert_eq!(tables, made.tables);
}

#[test]
fn what_changed_after_the_manifest_is_found() {
    let cases = [
        ("UPDATE account SET name = 'b'", &["tables"][..]),
        ("DELETE FROM note", &["tables"]),
        ("CREATE TABLE more (x INTEGER)", &["tables"]),
        ("INSERT INTO backup_file VALUES ('x', x'00')", &["files"]),
        (
            "UPDATE backup_manifest SET manifest = replace(manifest, '\"sha256\":\"', '\"sha256\":\"0')",
            &["tables", "manifest"],
        ),
        ("DELETE FROM issuer", &["tables", "references"]),
        ("UPDATE document SET stage = 5", &["tables", "events"]),
        ("UPDATE document SET revision = 1", &["tables", "events"]),
        ("UPDATE document SET events = 2", &["tables", "events"]),
    ];
    for (sql, expected) in cases {
        let dir = directory();
        let file = tampered(&dir, sql);
        assert_eq!(problems(&file), expected, "{sql}");
        let refused = restore_backup(&file, &dir.path().join("new")).unwrap_err();
        assert!(matches!(refused, StoreError::Corrupt { .. }), "{sql}");
        assert!(!dir.path().join("new").exists());
    }
}

#[test]
fn a_stage_that_no_event_tells_is_found_in_a_whole_backup() {
    let dir = directory();
    let writer = connection::open_writer(dir.path(), &SqliteOptions::default()).unwrap();
    let sql = "UPDATE document SET stage = 7";
    writer.connection().execute_batch(sql).unwrap();
    drop(writer);
    assert_eq!(problems(&tampered(&dir, "")), ["events"]);
}

#[test]
fn a_newer_backup_is_left_to_a_newer_program() {
    let dir = directory();
    let sql =
        "UPDATE backup_manifest SET manifest = replace(manifest, '\"format\":1', '\"format\":2')";
    let refused = verify_backup(&tampered(&dir, sql)).unwrap_err();
    assert!(
        refused.to_string().contains("use a newer Tagua"),
        "{refused}"
    );

    let dir = directory();
    let file = dir.path().join("backup");
    create_backup(dir.path(), &file, &contents(&[]), &mut |_, _| {}).unwrap();
    let copy = Connection::open(&file).unwrap();
    let sql = "UPDATE backup_manifest SET manifest = json_set(manifest, '$.schema', 999)";
    copy.execute_batch(sql).unwrap();
    drop(copy);
    let refused = restore_backup(&file, &dir.path().join("new")).unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 999, .. }));
}

#[test]
fn a_file_never_leaves_the_directory() {
    for name in ["../out", "/out", "a/../../out", ""] {
        let (dir, new) = (directory(), TempDir::new().unwrap());
        let file = dir.path().join("backup");
        let given = contents(&[(name, b"x")]);
        create_backup(dir.path(), &file, &given, &mut |_, _| {}).unwrap();
        let refused = restore_backup(&file, &new.path().join("data")).unwrap_err();
        assert!(matches!(refused, StoreError::Corrupt { .. }), "{name}");
        assert!(!new.path().join("out").exists());
        assert!(!new.path().join("data/tagua.db").exists());
    }
}

#[test]
fn pages_are_of_one_moment_while_others_write() {
    let dir = directory();
    let writer = connection::open_writer(dir.path(), &SqliteOptions::default()).unwrap();
    let writing = writer.connection();
    // More pages than are copied at once; always as many notes of each kind.
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2600)
         INSERT INTO note SELECT 'a' || i, randomblob(8000) FROM n";
    writing.execute_batch(sql).unwrap();
    let mut rounds = 0;
    let file = dir.path().join("backup");
    let mut progress = |_, _| {
        rounds += 1;
        let sql = format!(
            "BEGIN; INSERT INTO account VALUES (100 + {rounds}, '', 0, 0);
             UPDATE note SET data = randomblob(9000) WHERE name LIKE 'a1%'; COMMIT;"
        );
        writing.execute_batch(&sql).unwrap();
    };
    let made = create_backup(dir.path(), &file, &contents(&[]), &mut progress).unwrap();
    assert!(rounds > 0);
    assert_eq!(made.rows("account"), 1);
    assert_eq!(problems(&file), Vec::<&str>::new());
}
