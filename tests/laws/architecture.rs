//! Arrows between folders point one way only, no files go in a circle, and every folder keeps out
//! what it must not see. `docs/ARCHITECTURE.md` says the same in words.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, File, Item, ItemMod, ItemUse, UseTree, Visibility};

/// The folders from the bottom up; those on one line do not see each other.
const FLOORS: &[&[&str]] = &[
    &["rng", "spec", "parallel", "hash", "file", "text", "machine", "aligned"],
    &["nn", "surface"],
    &["data"],
    &["optim"],
    &["catalog"],
    &["experiment"],
    &["train"],
    &["compare"],
    &["export"],
    &["tui"],
    &["cli"],
];

/// Folders that must not be seen although they lie below.
const HIDDEN: &[(&str, &[&str])] = &[("tui", &["nn", "optim"]), ("optim", &["data", "surface"])];

/// Words that must not occur in a folder.
const NEVER: &[(&str, &[&str])] = &[
    ("rng", &["std::thread", "println!", "std::fs", "Instant"]),
    ("nn", &["std::thread", "println!", "std::fs", "Instant"]),
    ("optim", &["std::thread", "println!", "std::fs", "Instant"]),
    ("surface", &["std::thread", "println!", "std::fs", "Instant"]),
    ("train", &["ratatui", "crossterm", "println!", "stdout"]),
    ("compare", &["ratatui", "crossterm", "println!", "stdout", "plotters", "indicatif"]),
    ("experiment", &["ratatui", "crossterm", "println!", "std::thread"]),
];

/// The path of a module: `["compare", "plan"]`; empty for the crate itself.
type Module = Vec<String>;

/// The source files by module, unit tests left out.
struct Sources {
    files: BTreeMap<Module, (PathBuf, String, File)>,
    /// Names that a module passes on from another, as in `pub use plan::Plan`.
    passed_on: BTreeMap<(Module, String), Module>,
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn module_of(path: &Path) -> Module {
    let names = path.with_extension("");
    let names = names.iter().map(|name| name.to_str().unwrap().to_owned());
    names.filter(|name| name != "lib").collect()
}

/// Whether an item is there for tests alone.
fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "test")
    })
}

impl Sources {
    /// The files below `src` but for the program's `main.rs`.
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut paths = Vec::new();
        rust_files(&root, &mut paths);
        let texts = paths.into_iter().map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.strip_prefix(&root).unwrap().to_owned(), text)
        });
        Self::of(texts.filter(|(path, _)| !path.ends_with("main.rs")))
    }

    /// Files by their paths below `src`.
    fn of(texts: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        let mut files = BTreeMap::new();
        for (path, text) in texts {
            let module = module_of(&path);
            let file = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            files.insert(module, (path, text, file));
        }
        // A file of unit tests is named in its parent, behind `#[cfg(test)]`.
        let mut tests = Vec::new();
        for (module, (_, _, file)) in &files {
            for item in &file.items {
                if let Item::Mod(ItemMod { attrs, ident, content: None, .. }) = item
                    && for_tests(attrs)
                {
                    tests.push([&module[..], &[ident.to_string()]].concat());
                }
            }
        }
        files.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
        let mut sources = Self { files, passed_on: BTreeMap::new() };
        for module in sources.files.keys().cloned().collect::<Vec<_>>() {
            let mut found = Vec::new();
            for item in &sources.files[&module].2.items {
                if let Item::Use(item) = item
                    && !matches!(item.vis, Visibility::Inherited)
                {
                    leaves(&item.tree, &mut Vec::new(), &mut found);
                }
            }
            for (path, name) in found {
                if let Some((target, _)) = sources.absolute(&module, &path)
                    && target != module
                {
                    sources.passed_on.insert((module.clone(), name), target);
                }
            }
        }
        sources
    }

    /// The module in which the thing at `path`, as `here` writes it, is to be found, and what
    /// remains of the path.
    fn absolute(&self, here: &[String], path: &[String]) -> Option<(Module, Vec<String>)> {
        let mut full = match path.first()?.as_str() {
            "crate" => Module::new(),
            "self" => here.to_vec(),
            "super" => here[..here.len().checked_sub(1)?].to_vec(),
            child => {
                let inner = [here, &[child.to_owned()]].concat();
                self.files.contains_key(&inner).then_some(inner)?
            }
        };
        let mut rest = path[1..].iter().peekable();
        while rest.next_if(|name| *name == "super").is_some() {
            full.pop();
        }
        let mut rest: Vec<String> = rest.cloned().collect();
        full.append(&mut rest);
        let depth = (0..=full.len()).rev().find(|&n| self.files.contains_key(&full[..n]))?;
        let rest = full.split_off(depth);
        Some((full, rest))
    }

    /// The module that defines the thing at `path`, as `here` writes it.
    fn definition(&self, here: &[String], path: &[String]) -> Option<Module> {
        let (mut module, rest) = self.absolute(here, path)?;
        if let Some(name) = rest.first() {
            while let Some(next) = self.passed_on.get(&(module.clone(), name.clone())) {
                module.clone_from(next);
            }
        }
        Some(module)
    }

    /// Every module with the modules whose things it names.
    fn arrows(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let all = self.files.iter().map(|(module, (_, _, file))| {
            let mut names = Names::default();
            names.visit_file(file);
            let seen = names.paths.iter().filter_map(|path| self.definition(module, path));
            (module.clone(), seen.filter(|seen| seen != module).collect())
        });
        all.collect()
    }
}

/// The paths at the leaves of a `use`, with the names under which they are known.
fn leaves(tree: &UseTree, before: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            leaves(&path.tree, before, found);
            before.pop();
        }
        UseTree::Group(group) => {
            group.items.iter().for_each(|item| leaves(item, before, found));
        }
        UseTree::Name(name) if name.ident == "self" => {
            found.push((before.clone(), before.last().cloned().unwrap_or_default()));
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            found.push(([&before[..], std::slice::from_ref(&name)].concat(), name));
        }
        UseTree::Rename(rename) => {
            let path = [&before[..], &[rename.ident.to_string()]].concat();
            found.push((path, rename.rename.to_string()));
        }
        UseTree::Glob(_) => found.push((before.clone(), "*".to_owned())),
    }
}

/// All paths in a file, those in unit tests left out.
#[derive(Default)]
struct Names {
    paths: BTreeSet<Vec<String>>,
    /// Modules around the place, within the file.
    depth: usize,
}

impl Names {
    fn add(&mut self, mut path: Vec<String>) {
        // Within a module inside the file, `super` is the file itself.
        for _ in 0..self.depth {
            match path.first().map(String::as_str) {
                Some("super") => drop(path.remove(0)),
                Some("self") => return,
                _ => break,
            }
        }
        let outside = self.depth > 0 && path.first().is_some_and(|first| first != "crate");
        if outside && path.first().is_none_or(|first| first != "super") {
            path.insert(0, "self".to_owned());
        }
        self.paths.insert(path);
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.depth += 1;
        visit::visit_item_mod(self, item);
        self.depth -= 1;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut found = Vec::new();
        leaves(&item.tree, &mut Vec::new(), &mut found);
        for (path, _) in found {
            self.add(path);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.add(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

/// What siblings in each folder see of each other: folder → sibling → siblings, each with one
/// example. A file may know its parent and its children.
type Siblings = BTreeMap<Module, BTreeMap<String, BTreeMap<String, String>>>;

fn siblings(arrows: &BTreeMap<Module, BTreeSet<Module>>) -> Siblings {
    let mut all = Siblings::new();
    for (from, seen) in arrows {
        for to in seen {
            let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
            if let (Some(a), Some(b)) = (from.get(shared), to.get(shared)) {
                let folder = all.entry(from[..shared].to_vec()).or_default();
                let example = format!("{} sees {}", from.join("/"), to.join("/"));
                folder.entry(a.clone()).or_default().entry(b.clone()).or_insert(example);
            }
        }
    }
    all
}

/// A circle among siblings, as the arrows that make it.
fn circle(siblings: &BTreeMap<String, BTreeMap<String, String>>) -> Option<String> {
    fn walk<'a>(
        siblings: &'a BTreeMap<String, BTreeMap<String, String>>,
        at: &'a str,
        trail: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> Option<String> {
        if let Some(start) = trail.iter().position(|place| *place == at) {
            let circle: Vec<_> = trail[start..].iter().copied().chain([at]).collect();
            let arrows = circle.windows(2).map(|two| siblings[two[0]][two[1]].as_str());
            return Some(arrows.collect::<Vec<_>>().join(", "));
        }
        if !done.insert(at) {
            return None;
        }
        trail.push(at);
        let next = siblings.get(at).into_iter().flat_map(BTreeMap::keys);
        let found = next.into_iter().find_map(|next| walk(siblings, next, trail, done));
        trail.pop();
        found
    }
    let mut done = BTreeSet::new();
    siblings.keys().find_map(|start| walk(siblings, start, &mut Vec::new(), &mut done))
}

#[test]
fn arrows_point_one_way() {
    let floor = |room: &str| FLOORS.iter().position(|rooms| rooms.contains(&room));
    let all = siblings(&Sources::read().arrows());
    let mut wrong = String::new();
    for (room, seen) in &all[&Module::new()] {
        let here = floor(room).unwrap_or_else(|| panic!("`{room}` has no floor: name it here"));
        for (other, example) in seen {
            let hidden = HIDDEN.iter().any(|(r, rooms)| r == room && rooms.contains(&&**other));
            if hidden || floor(other).unwrap() >= here {
                let _ = writeln!(wrong, "{example}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn no_files_go_in_a_circle() {
    let all = siblings(&Sources::read().arrows());
    let circles: Vec<_> = all.values().filter_map(circle).collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn folders_keep_out_what_they_must_not_see() {
    let mut wrong = Vec::new();
    for (module, (path, text, _)) in Sources::read().files {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let code: Vec<_> =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for (_, words) in NEVER.iter().filter(|(room, _)| module.first().is_some_and(|m| m == room))
        {
            let word = words.iter().find(|word| code.iter().any(|line| line.contains(**word)));
            wrong.extend(word.map(|word| format!("{} has {word}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn these_checks_can_fail() {
    let file = |path: &str, text: &str| (PathBuf::from(path), text.to_owned());
    let sources = Sources::of([
        file("lib.rs", "mod a; mod b;"),
        file("a.rs", "mod one; mod two; pub use two::Two; pub struct Own;"),
        file("a/one.rs", "use super::{Own, Two}; mod inner { use super::super::two; }"),
        file("a/two.rs", "pub struct Two; #[cfg(test)] mod tests { use super::super::one; }"),
        file("b.rs", "fn f() -> crate::a::Two { todo!() }"),
    ]);
    let all = siblings(&sources.arrows());
    assert_eq!(all[&Module::new()]["b"]["a"], "b sees a/two");
    assert_eq!(all[&vec!["a".to_owned()]]["one"]["two"], "a/one sees a/two");
    assert!(all.values().all(|folder| circle(folder).is_none()));

    let sources = Sources::of([
        file("lib.rs", "mod a; mod b;"),
        file("a.rs", "use crate::b;"),
        file("b.rs", "mod c;"),
        file("b/c.rs", "fn f() { crate::a::g() }"),
    ]);
    let all = siblings(&sources.arrows());
    assert_eq!(circle(&all[&Module::new()]).unwrap(), "a sees b, b/c sees a");
}
