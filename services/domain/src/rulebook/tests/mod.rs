mod draft;
mod files;
