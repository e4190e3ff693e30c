import { useEffect, useRef, useState } from "preact/hooks";

/** Counts seconds down and says so once they are over. By the clock: a tab that sleeps comes back at the right second. */
export function Timer({ seconds, label, onOver }: { seconds: number; label: string; onOver(): void }) {
  const [left, setLeft] = useState(seconds);
  const over = useRef(onOver);
  over.current = onOver;
  useEffect(() => {
    const end = performance.now() + seconds * 1000;
    const ticking = setInterval(() => {
      const now = Math.ceil((end - performance.now()) / 1000);
      setLeft(Math.max(0, now));
      if (now > 0) return;
      clearInterval(ticking);
      over.current();
    }, 200);
    return () => clearInterval(ticking);
  }, [seconds]);
  return (
    <p class="timer" role="timer" aria-label={label}>
      {Math.floor(left / 60)}:{String(left % 60).padStart(2, "0")}
    </p>
  );
}
