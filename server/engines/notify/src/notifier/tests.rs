mod batches;
mod office;
mod quiet;
mod running;
mod store;
