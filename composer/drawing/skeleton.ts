import { type Movement, ofSide, type Posture } from "./movement.ts";
import {
  ahead,
  apply,
  around,
  compose,
  dot,
  forwards,
  left,
  lengthOf,
  minus,
  type Point,
  plus,
  scaled,
  type Turn,
} from "./space.ts";

/** The 33 landmarks of a body in the order that cameras number them (left before right), and what joins them. */
export type Body = { landmarks: Point[]; pelvis: Point; waist: Point; chest: Point; head: Point };

const TRUNK = 0.52;
const THIGH = 0.43;
const SHANK = 0.42;
const UPPER_ARM = 0.29;
const FOREARM = 0.26;
/** Half of how thick a body is where it touches the ground. */
const THICKNESS = 0.06;

const down: Point = [0, -1, 0];
const both = [0, 1] as const;

/** A leg's joints, hip first. */
type Leg = { hip: Point; knee: Point; ankle: Point; foot: Turn };

/** The body of a posture with its hips at a place. */
function bodyAt(posture: Posture, pelvis: Point, standing?: readonly Leg[]): Body & { legs: Leg[] } {
  const whole = compose(around(posture.turn), left(posture.roll), ahead(posture.pitch));
  const waist = plus(pelvis, apply(whole, [0, TRUNK / 2, 0]));
  const upper = compose(whole, around(posture.trunkTurn), left(posture.trunkSide), ahead(posture.trunk));
  const chest = plus(waist, apply(upper, [0, TRUNK / 2, 0]));
  const looking = compose(upper, around(posture.neckTurn), left(posture.neckSide), ahead(posture.neck));
  const head = plus(chest, apply(looking, [0, 0.23, 0.02]));
  const face = (x: number, y: number, z: number) => plus(head, apply(looking, [x, y, z]));

  const landmarks: Point[] = Array.from({ length: 33 }, () => head);
  landmarks[0] = face(0, -0.02, 0.12);
  const legs = both.map((side): Leg => {
    const out = side === 0 ? 1 : -1;
    const hip = plus(pelvis, apply(whole, [out * 0.1, 0, 0]));
    const given = standing?.[side];
    const leg = given ? givingWay(hip, given, apply(whole, [0, 0, 1])) : freeLeg(posture, side, hip, whole);
    const at = (x: number, y: number, z: number) => plus(leg.ankle, apply(leg.foot, [x, y, z]));
    landmarks[23 + side] = leg.hip;
    landmarks[25 + side] = leg.knee;
    landmarks[27 + side] = leg.ankle;
    landmarks[29 + side] = at(0, -0.05, -0.06);
    landmarks[31 + side] = at(out * 0.02, -0.05, 0.17);

    const shoulder = plus(chest, apply(upper, [out * 0.18, 0, 0]));
    const arm = compose(
      upper,
      forwards(ofSide(posture.shoulder, side)),
      left(-out * ofSide(posture.shoulderOut, side)),
      around(out * ofSide(posture.shoulderTurn, side)),
    );
    const forearm = compose(arm, forwards(ofSide(posture.elbow, side)));
    const elbow = plus(shoulder, apply(arm, down), UPPER_ARM);
    const wrist = plus(elbow, apply(forearm, down), FOREARM);
    const finger = (x: number, z: number) => plus(wrist, apply(forearm, [x, -0.09, z]));
    landmarks[11 + side] = shoulder;
    landmarks[13 + side] = elbow;
    landmarks[15 + side] = wrist;
    landmarks[17 + side] = finger(0, -0.03);
    landmarks[19 + side] = finger(0, 0.02);
    landmarks[21 + side] = finger(-out * 0.03, 0.03);

    landmarks[7 + side] = face(out * 0.08, 0, 0);
    for (const eye of [1, 2, 3]) landmarks[eye + 3 * side] = face(out * 0.015 * eye, 0.02, 0.1);
    landmarks[9 + side] = face(out * 0.025, -0.06, 0.1);
    return leg;
  });
  return { landmarks, pelvis, waist, chest, head, legs };
}

function freeLeg(posture: Posture, side: 0 | 1, hip: Point, whole: Turn): Leg {
  const out = side === 0 ? 1 : -1;
  const thigh = compose(
    whole,
    forwards(ofSide(posture.hip, side)),
    left(-out * ofSide(posture.hipOut, side)),
    around(out * ofSide(posture.hipTurn, side)),
  );
  const shank = compose(thigh, forwards(-ofSide(posture.knee, side)));
  const knee = plus(hip, apply(thigh, down), THIGH);
  const ankle = plus(knee, apply(shank, down), SHANK);
  return { hip, knee, ankle, foot: compose(shank, forwards(ofSide(posture.ankle, side))) };
}

/** The leg of a foot that stands: its knee is where both of its bones reach, to where the body looks. */
function givingWay(hip: Point, { ankle, foot }: Leg, looks: Point): Leg {
  const way = minus(ankle, hip);
  const far = Math.min(lengthOf(way), THIGH + SHANK - 0.001);
  const along = scaled(way, 1 / lengthOf(way));
  const aside = minus(looks, scaled(along, dot(looks, along)));
  const near = (THIGH ** 2 - SHANK ** 2 + far ** 2) / (2 * far);
  const bend = Math.sqrt(Math.max(THIGH ** 2 - near ** 2, 0));
  const knee = plus(plus(hip, along, near), scaled(aside, 1 / lengthOf(aside)), bend);
  return { hip, knee, ankle: plus(hip, along, far), foot };
}

const lowest = ({ landmarks }: Body): number =>
  // Of the head its size, of a foot its sole, of all else its thickness.
  Math.min(...landmarks.map(([, y], i) => y - (i < 11 ? 0.1 : i >= 29 ? 0.02 : i >= 27 ? 0.05 : THICKNESS)));

/** The body at each posture of a movement, on the ground as the movement says. */
export function bodiesOf({ from, keeps, height }: Movement): (posture: Posture) => Body {
  const above = height ?? -lowest(bodyAt(from, [0, 0, 0]));
  const first = bodyAt(from, [0, above, 0]);
  const standing = keeps === "feet" ? first.legs : undefined;
  return (posture) => {
    const [z, y] = posture.pelvis;
    const body = bodyAt(posture, [0, above + y, z], standing);
    if (keeps !== "ground") return body;
    return bodyAt(posture, [0, above + y - lowest(body), z]);
  };
}
