// Threads of libuv's pool mostly wait for the disk: with its default of four, files that are written concurrently wait for each other.
// Imported before what uses the pool, because libuv reads it with its first task.
process.env['UV_THREADPOOL_SIZE'] ??= '8';
