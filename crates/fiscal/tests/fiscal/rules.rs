mod boundaries;
mod cases;
mod codes;
mod path;
