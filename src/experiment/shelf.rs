//! What comes with the program: the files of a folder of `presets/`, found by their names.

use std::io;
use std::path::Path;
use std::sync::OnceLock;

use include_dir::{Dir, File};

use super::diagnostic::{Diagnostic, Result};
use crate::file;
use crate::spec::nearest;

/// What a file on a shelf holds.
pub trait Shelved: Sized + Send + Sync + 'static {
    /// What one of them is called.
    const NOUN: &'static str;
    /// The name of the one that stands first; the others follow in the order of their files.
    const FIRST: &'static str = "";
    /// Reads it from its text; `name` is what errors call that.
    ///
    /// # Errors
    /// The mistake, its place, and what would be right.
    fn read(name: &str, text: &str) -> Result<Self>;
    /// Its title, and what to look at or to learn in it, and why.
    fn words(&self) -> [&str; 2];
}

/// One that comes with the program. It is read when it is first wanted: to read all files takes a while.
#[derive(Debug)]
pub struct Shipped<T> {
    /// Its name, as typed.
    pub name: &'static str,
    /// Its file.
    pub text: &'static str,
    content: OnceLock<T>,
}

impl<T: Shelved> Shipped<T> {
    /// What its file holds.
    ///
    /// # Panics
    /// If that is not valid, which a test of each shelf sees to.
    pub fn get(&self) -> &T {
        self.content.get_or_init(|| match self.read() {
            Ok(content) => content,
            Err(error) => unreachable!("{error}"),
        })
    }

    /// Its title.
    pub fn title(&self) -> &str {
        let [title, _] = self.get().words();
        title
    }

    /// What to look at or to learn, and why.
    pub fn about(&self) -> &str {
        let [_, about] = self.get().words();
        about
    }

    /// Reads its file.
    ///
    /// # Errors
    /// If it is not valid.
    fn read(&self) -> Result<T> {
        T::read(&format!("{}.toml", self.name), self.text)
    }
}

/// The files of one folder.
#[derive(Debug)]
pub struct Shelf<T: 'static> {
    folder: Dir<'static>,
    all: OnceLock<Vec<Shipped<T>>>,
}

impl<T: Shelved> Shelf<T> {
    pub(super) const fn new(folder: Dir<'static>) -> Self {
        Self { folder, all: OnceLock::new() }
    }

    /// All of them, in their order.
    pub fn all(&'static self) -> &'static [Shipped<T>] {
        self.all.get_or_init(|| {
            let mut files: Vec<_> = self.folder.files().filter_map(stem_and_text).collect();
            files.sort_by_key(|(stem, _)| (name_of(stem) != T::FIRST, *stem));
            let of = |(stem, text)| Shipped { name: name_of(stem), text, content: OnceLock::new() };
            files.into_iter().map(of).collect()
        })
    }

    /// The one called `name`, in which `_` may stand for `-`, as it does in the catalog.
    ///
    /// # Errors
    /// The nearest name, or all of them.
    pub fn find(&'static self, name: &str) -> Result<&'static Shipped<T>> {
        let wanted = name.replace('_', "-");
        let names = || self.all().iter().map(|it| it.name);
        self.all().iter().find(|it| it.name == wanted).ok_or_else(|| {
            let help = nearest(&wanted, names()).map_or_else(
                || format!("the {}s are {}", T::NOUN, names().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            Diagnostic::new(format!("there is no {} called `{name}`", T::NOUN)).help(help)
        })
    }

    /// What `argument` names: a file if it ends in `.toml` or exists, else one of these.
    ///
    /// # Errors
    /// The mistake, its place, and what would be right.
    pub fn load(&'static self, argument: &str) -> Result<T>
    where
        T: Clone,
    {
        let path = Path::new(argument);
        if path.extension().unwrap_or_default().eq_ignore_ascii_case("toml") || path.is_file() {
            return T::read(argument, &self.text_at(path)?);
        }
        Ok(self.find(argument)?.get().clone())
    }

    /// The text in the file at `path`. If there is none, its stem may be meant for one of these.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(super) fn text_at(&'static self, path: &Path) -> Result<String> {
        let shown = path.display();
        file::read_text(path, file::LONGEST_TEXT).map_err(|error| {
            if error.kind() == io::ErrorKind::InvalidData {
                return Diagnostic::new(format!("`{shown}` is not a text in UTF-8"));
            }
            let reason = match error.kind() {
                io::ErrorKind::NotFound => "there is no such file".to_owned(),
                _ => error.to_string(),
            };
            let message = Diagnostic::new(format!("cannot read `{shown}`: {reason}"));
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            match self.find(&stem) {
                Ok(it) => message.help(format!(
                    "the {} of that name is `{}`, without `.toml`",
                    T::NOUN,
                    it.name
                )),
                Err(_) => message,
            }
        })
    }
}

fn stem_and_text(file: &'static File<'static>) -> Option<(&'static str, &'static str)> {
    let stem = file.path().file_name()?.to_str()?.strip_suffix(".toml")?;
    Some((stem, file.contents_utf8()?))
}

/// The name of what is in a file called `stem`: without the number that sets its place.
fn name_of(stem: &str) -> &str {
    stem.split_once('-')
        .filter(|(number, _)| number.chars().all(|c| c.is_ascii_digit()))
        .map_or(stem, |(_, name)| name)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Sees to it that every file on `shelf` can be read.
    pub fn is_valid<T: Shelved>(shelf: &'static Shelf<T>) {
        assert_eq!(shelf.all().len(), shelf.folder.files().count());
        for shipped in shelf.all() {
            if let Err(error) = shipped.read() {
                panic!("{error}");
            }
            assert!(!shipped.title().is_empty() && !shipped.about().is_empty(), "{}", shipped.name);
            // No other one is of that name, however it is spelled.
            let found = shelf.find(&shipped.name.replace('-', "_"));
            assert!(found.is_ok_and(|it| std::ptr::eq(it, shipped)), "{}", shipped.name);
        }
        assert!(T::FIRST.is_empty() || shelf.all()[0].name == T::FIRST);
    }

    #[test]
    fn a_number_sets_the_place_and_is_no_part_of_the_name() {
        assert_eq!(name_of("02-f-and-f-prime"), "f-and-f-prime");
        assert_eq!(name_of("deep-relu"), "deep-relu");
        assert_eq!(name_of("wine"), "wine");
    }
}
