//! What the settings say about the API as a whole. The generator replaces this file in every SDK; its values here are neutral.

use crate::runtime::Settings;

/// What the settings say about the API as a whole.
pub static SETTINGS: Settings = Settings::DEFAULT;
