/**
 * Cuts one sequence, or a pair, to `room` ids together: of a pair the longer gives way first, the ends are what goes.
 *
 * @see `TruncationStrategy::LongestFirst` of Hugging Face's tokenizers; an odd rest goes to the longer one.
 */
export function shareRoom(
  sequences: readonly (readonly number[])[],
  room: number,
): (readonly number[])[] {
  const [first = [], second] = sequences;
  if (second === undefined) return sequences.map((ids) => ids.slice(0, room));
  if (first.length + second.length <= room) return [...sequences];
  const shorter = Math.min(first.length, second.length);
  // Where even the shorter has more than half, both get half.
  const kept = shorter <= Math.floor(room / 2) ? shorter : Math.floor(room / 2);
  const rest = room - kept;
  return first.length <= second.length
    ? [first.slice(0, kept), second.slice(0, rest)]
    : [first.slice(0, rest), second.slice(0, kept)];
}
