import { useContext } from "preact/hooks";
import { locales } from "../../components/language.ts";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { consentTexts } from "../../texts/consents/index.ts";
import type { Asked } from "./asked.ts";

/** Who looked at one's chart, newest first. */
export function Readings({ readings }: { readings: Asked["myChartReadings"]["nodes"] }) {
  const language = useContext(LanguageContext);
  const say = useTexts(consentTexts);
  const moment = new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeStyle: "short" });
  return (
    <section aria-labelledby="readings">
      <h2 id="readings">{say("readings")}</h2>
      {readings.length === 0 ? (
        <p>{say("no_readings")}</p>
      ) : (
        <ul class="plain">
          {readings.map(({ organizationName, readerName, readAt, what }) => (
            <li key={`${readAt} ${readerName} ${what}`}>
              <time dateTime={readAt}>{moment.format(new Date(readAt))}</time>:{" "}
              {readerName ?? say("no_person")}
              {organizationName && `, ${organizationName}`}
              <span class="soft">
                {" "}
                {say(
                  what === "chart"
                    ? "read_chart"
                    : what === "record"
                      ? "read_record"
                      : what === "file"
                        ? "read_file"
                        : "read_other",
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
