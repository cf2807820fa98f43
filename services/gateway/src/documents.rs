//! Evidence files: kept by their SHA-256, so that what the log binds is what is kept.
