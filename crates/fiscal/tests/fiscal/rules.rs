mod boundaries;
mod cases;
mod codes;
mod documents;
mod law;
mod path;
mod places;
mod scale;
