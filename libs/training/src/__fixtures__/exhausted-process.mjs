// Takes a job and fills the heap that Node was given.
process.once('message', () => {
  const kept = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, n) => ({ n })));
});
