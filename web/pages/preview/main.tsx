import { useMemo, useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { problemsOf } from "../../forms/check.ts";
import { type Answers, type Content, textIn } from "../../forms/content.ts";
import { Form } from "../../forms/form.tsx";
import { shownOf } from "../../forms/visibility.ts";
import { inWords } from "../../forms/words.ts";
import { previewTexts } from "../../texts/preview/index.ts";
import { example } from "./example.ts";

/** For whoever writes a template: its content on the one side, on the other what people see of it, and their answers. */
function Preview() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const [written, setWritten] = useState(() => JSON.stringify(example, null, 2));
  const [content, setContent] = useState<Content>(example);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const [answers, setAnswers] = useState<Answers>({});
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [complaint, setComplaint] = useState(0);
  const say = previewTexts(language);
  // Files go nowhere from here: their names are kept as if they had.
  const [names] = useState(() => new Map<string, string>());
  const files = useMemo(
    () => ({
      async send(file: File) {
        const id = crypto.randomUUID();
        names.set(id, file.name);
        return id;
      },
      nameOf: (id: string) => names.get(id),
    }),
    [names],
  );

  const write = (text: string) => {
    setWritten(text);
    try {
      const next: Content = JSON.parse(text);
      shownOf(next.items, {});
      setContent(next);
      setAnswers({});
      setProblems(new Map());
      setUnreadable(null);
    } catch (error) {
      setUnreadable(String(error));
    }
  };
  const check = (event: Event) => {
    event.preventDefault();
    setProblems(inWords(problemsOf(shownOf(content.items, answers), answers), language));
    setComplaint(complaint + 1);
  };

  return (
    <PageFrame name="RestartiX" title={say("title")} language={language} onLanguage={setLanguage}>
      <h1>{say("title")}</h1>
      <details>
        <summary>{say("content")}</summary>
        <div class="field">
          <label for="content">{say("content_help")}</label>
          <textarea
            id="content"
            class="program"
            rows={20}
            spellcheck={false}
            value={written}
            onInput={({ currentTarget }) => write(currentTarget.value)}
          />
          <p class="problem" role="alert">
            {unreadable}
          </p>
        </div>
      </details>
      <form onSubmit={check} noValidate>
        <h2>{textIn(content.title, language)}</h2>
        <Form
          content={content}
          answers={answers}
          problems={problems}
          complaint={complaint}
          files={files}
          onAnswers={setAnswers}
        />
        <button type="submit" class="main">
          {say("check")}
        </button>
      </form>
      <h2>{say("answers")}</h2>
      <pre id="answers">{JSON.stringify(answers, null, 2)}</pre>
    </PageFrame>
  );
}

show(<Preview />);
