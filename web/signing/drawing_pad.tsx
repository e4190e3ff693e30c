import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { signingTexts } from "../texts/signing/index.ts";
import type { Drawing } from "./door.ts";
import { MOST_POINTS, type Point, pathOf, type Stroke, withPoint } from "./strokes.ts";

/** The pad's own measure, whatever it measures on a screen: what is sent is the same everywhere. */
const WIDTH = 600;
const HEIGHT = 200;
const STEP = 12;
const INK = "#10243e";

/**
 * A signature by finger, pen, mouse, or keyboard: arrows move the pen, and the space bar puts it down and lifts it. The image is
 * drawn from the path that is sent with it, so that both show the same.
 */
export function DrawingPad({
  id,
  describedBy,
  onDrawing,
}: {
  id: string;
  describedBy: string | undefined;
  onDrawing(drawing: Drawing | null): void;
}) {
  const say = useTexts(signingTexts);
  const language = useContext(LanguageContext);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [pen, setPen] = useState<{ at: Point; isDown: boolean } | null>(null);
  const open = useRef<Stroke | null>(null);

  const paint = (all: readonly Stroke[], penAt?: Point) => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.lineWidth = 3;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = INK;
    context.stroke(new Path2D(pathOf(all)));
    if (!penAt) return;
    context.lineWidth = 1;
    context.strokeRect(penAt[0] - 5, penAt[1] - 5, 10, 10);
  };
  const keep = (all: readonly Stroke[]) => {
    setStrokes(all);
    paint(all); // the image is taken without the mark of the pen
    const png = canvas.current?.toDataURL("image/png").split(",")[1];
    onDrawing(all.length > 0 && png ? { png, path: pathOf(all), width: WIDTH, height: HEIGHT } : null);
  };
  useEffect(() => paint(strokes, pen?.at), [strokes, pen]);

  const pointOf = ({ offsetX, offsetY }: PointerEvent): Point => {
    const { clientWidth = WIDTH, clientHeight = HEIGHT } = canvas.current ?? {};
    return [clamp((offsetX / clientWidth) * WIDTH, WIDTH), clamp((offsetY / clientHeight) * HEIGHT, HEIGHT)];
  };
  /** With one point more, where the whole drawing has room for it. */
  const longer = (stroke: Stroke, point: Point): Stroke =>
    withPoint(stroke, point, MOST_POINTS - strokes.reduce((sum, { length }) => sum + length, 0));
  const begin = (event: PointerEvent) => {
    if (!event.isPrimary || event.button !== 0) return;
    setPen(null);
    canvas.current?.setPointerCapture(event.pointerId);
    open.current = longer([], pointOf(event));
    paint([...strokes, open.current]);
  };
  const go = (event: PointerEvent) => {
    if (!open.current) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length > 0 ? passed : [event]) open.current = longer(open.current, pointOf(one));
    paint([...strokes, open.current]);
  };
  const lift = () => {
    if (!open.current) return;
    const all = [...strokes, open.current];
    open.current = null;
    keep(all);
  };

  const press = (event: KeyboardEvent) => {
    const [dx, dy] =
      { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    const { at, isDown } = pen ?? { at: [WIDTH / 8, HEIGHT / 2] as Point, isDown: false };
    if (event.key === " ") {
      event.preventDefault();
      setPen({ at, isDown: !isDown });
      if (!isDown) keep([...strokes, [at]]);
    } else if (dx !== undefined && dy !== undefined) {
      event.preventDefault();
      const next: Point = [clamp(at[0] + dx * STEP, WIDTH), clamp(at[1] + dy * STEP, HEIGHT)];
      setPen({ at: next, isDown });
      if (isDown) keep([...strokes.slice(0, -1), longer(strokes.at(-1) ?? [], next)]);
    }
  };

  return (
    <>
      <p class="label" id={`${id}-label`}>
        {say("draw")}
      </p>
      <p class="help" id={`${id}-help`}>
        {say("draw_help")}
      </p>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a pad is drawn on, by hand or by keys. */}
      <canvas
        id={id}
        ref={canvas}
        class="pad"
        width={WIDTH}
        height={HEIGHT}
        tabIndex={0}
        role="application"
        lang={language}
        aria-labelledby={`${id}-label`}
        aria-describedby={[`${id}-help`, describedBy].filter(Boolean).join(" ")}
        onPointerDown={begin}
        onPointerMove={go}
        onPointerUp={lift}
        onPointerCancel={lift}
        onKeyDown={press}
        onBlur={() => setPen(null)}
      />
      <p class="actions">
        <button
          type="button"
          aria-disabled={strokes.length === 0}
          onClick={() => {
            setPen(null);
            keep([]);
          }}
        >
          {say("clear_drawing")}
        </button>
        <span class="soft" role="status">
          {pen ? say(pen.isDown ? "pen_down" : "pen_up") : strokes.length > 0 ? say("drawn") : ""}
        </span>
      </p>
    </>
  );
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
