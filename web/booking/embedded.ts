/** Whether a page stands inside of another one, such as the clinic's own. */
export const isEmbedded = self !== top;

/** Tells the page around how high this one is, whenever that changes: web/embed/embed.ts makes the frame as high. */
export function tellHeight(): void {
  if (!isEmbedded) return;
  const tell = (): void => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    // To whoever it is: a height says nothing about anybody.
    parent.postMessage({ type: "restartix.height", height }, "*");
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
}
