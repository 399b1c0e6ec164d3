//! What the settings say about the API as a whole. The generator replaces this file in every SDK; here stand neutral values.

use crate::runtime::Settings;

/// What the settings say about the API as a whole.
pub static SETTINGS: Settings = Settings::DEFAULT;
