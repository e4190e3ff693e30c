import { useTexts } from "../components/texts.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";

export type Line = { name: string; values: readonly (number | null)[] };

const [width, height, edge] = [320, 140, 24];

/** Lines over places in time, and the same as a table, for whoever reads rather than looks. What is not known leaves a gap. */
export function Chart({
  title,
  places,
  placesTitle,
  least,
  most,
  lines,
  unit = "",
}: {
  title: string;
  places: readonly string[];
  placesTitle: string;
  least: number;
  most: number;
  lines: readonly Line[];
  unit?: string;
}) {
  const say = useTexts(treatmentTexts);
  const x = (place: number) => edge + (place * (width - 2 * edge)) / Math.max(1, places.length - 1);
  const y = (value: number) =>
    height - edge - ((value - least) * (height - 2 * edge)) / Math.max(1, most - least);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
        <text x={0} y={y(most) + 4}>
          {most}
          {unit}
        </text>
        <text x={0} y={y(least) + 4}>
          {least}
          {unit}
        </text>
        <path class="frame" d={`M${edge} ${y(most)}V${y(least)}H${width - edge}`} />
        {lines.map(({ name, values }, i) => (
          <g key={name} class={`line-${i}`}>
            <path d={pathOf(values, x, y)} />
            {values.map(
              (value, place) =>
                value !== null && <circle key={`${place}`} cx={x(place)} cy={y(value)} r={3} />,
            )}
          </g>
        ))}
      </svg>
      <ul class="legend">
        {lines.map(({ name }, i) => (
          <li key={name} class={`line-${i}`}>
            {name}
          </li>
        ))}
      </ul>
      <details>
        <summary>{say("as_table", { title })}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{placesTitle}</th>
              {lines.map(({ name }) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map((place, i) => (
              <tr key={`${i}`}>
                <th scope="row">{place}</th>
                {lines.map(({ name, values }) => (
                  <td key={name}>{values[i] == null ? "–" : `${values[i]}${unit}`}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function pathOf(
  values: readonly (number | null)[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  let isDrawing = false;
  return values
    .map((value, place) => {
      if (value === null) {
        isDrawing = false;
        return "";
      }
      const step = `${isDrawing ? "L" : "M"}${x(place).toFixed(1)} ${y(value).toFixed(1)}`;
      isDrawing = true;
      return step;
    })
    .join("");
}
