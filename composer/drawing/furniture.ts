import type { Movement } from "./movement.ts";
import type { Body } from "./skeleton.ts";
import type { Point } from "./space.ts";

/** A bar of something that stands beside a body, in metres. */
type Bar = { from: Point; to: Point; radius: number };

const bar = (from: Point, to: Point, radius = 0.02): Bar => ({ from, to, radius });

/** What an exercise is done with, where the body begins: it does not move along. */
export function furniture({ props }: Movement, body: Body): Bar[] {
  return props.flatMap((prop) => things[prop](body));
}

const furthest = ({ landmarks }: Body, direction: 1 | -1) =>
  direction * Math.max(...landmarks.map(([, , z]) => direction * z));

const things: Record<Movement["props"][number], (body: Body) => Bar[]> = {
  chair({ pelvis: [, y, z] }) {
    const seat = y - 0.11;
    return [-0.2, 0.2].flatMap((x) => [
      bar([x, seat, z - 0.2], [x, seat, z + 0.22]),
      bar([x, seat, z - 0.2], [x, seat + 0.45, z - 0.24]),
      bar([x, 0, z - 0.2], [x, seat, z - 0.2]),
      bar([x, 0, z + 0.2], [x, seat, z + 0.2]),
    ]);
  },
  "wall-behind": (body) => [wall(furthest(body, -1) - 0.09)],
  "wall-ahead": (body) => [wall(furthest(body, 1) + 0.04)],
  mat(body) {
    const [behind, before] = [furthest(body, -1) - 0.1, furthest(body, 1) + 0.1];
    return [bar([0, -0.012, behind], [0, -0.012, before], 0.014)];
  },
  step({ landmarks }) {
    // Under the higher foot.
    const foot = landmarks[27]![1] > landmarks[28]![1] ? 27 : 28;
    const [, y, z] = landmarks[foot]!;
    const top = y - 0.09;
    return [0.25, 0.5, 0.75, 1].map((share) =>
      bar([0, top * share - 0.02, z - 0.12], [0, top * share - 0.02, z + 0.25], Math.max(top / 8, 0.02)),
    );
  },
  table({ landmarks }) {
    const [, y, z] = landmarks[16]!;
    return [
      bar([0, y - 0.06, z - 0.08], [0, y - 0.06, z + 0.45]),
      bar([0, 0, z + 0.4], [0, y - 0.06, z + 0.4]),
    ];
  },
};

function wall(z: number): Bar {
  return bar([0, 0, z], [0, 1.9, z], 0.025);
}
