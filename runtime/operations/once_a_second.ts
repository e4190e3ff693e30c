/**
 * An answer that all who ask within a second share (FND-28): a question in a loop, on the public port too, costs the
 * database one statement a second and never more than one at a time. A failure is shared like an answer.
 */
export function onceASecond<T>(ask: () => Promise<T>, now = () => performance.now()): () => Promise<T> {
  let answer: Promise<T> | null = null;
  let isAsking = false;
  let askedUntil = Number.NEGATIVE_INFINITY;
  return () => {
    if (answer && (isAsking || now() < askedUntil)) return answer;
    isAsking = true;
    answer = ask().finally(() => {
      isAsking = false;
      askedUntil = now() + 1_000;
    });
    return answer;
  };
}
