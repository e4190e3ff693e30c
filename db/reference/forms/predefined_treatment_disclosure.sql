-- What a patient is told before rehabilitation treatment, and agrees to. FRM-03, CNS-01.
-- Written for physiotherapy and kinesiotherapy in general. A clinic copies it for other treatments, each of which has its
-- own purpose.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "treatment_disclosure"}', rows => '
kind: disclosure
signature_mode: click_typed
purposes: {treatment_specific_rehabilitation}
citations: {"Legea 95/2006","Legea 46/2003"}
clinic_purpose: {"code": "treatment_specific_rehabilitation",
 "name": "Rehabilitation treatment", "name_ro": "Tratamentul de recuperare",
 "needed_for": "Appointments for rehabilitation treatment whose services ask for it.",
 "needed_for_ro": "Programările pentru tratamentul de recuperare ale căror servicii îl cer.",
 "title_ro": "Tratamentul de recuperare", "title_en": "Rehabilitation treatment",
 "body_ro": "Sunt de acord cu tratamentul de recuperare care mi-a fost explicat. Cunosc scopul, riscurile și celelalte posibilități și am putut pune întrebări. Pot opri tratamentul și pot retrage acest acord oricând.",
 "body_en": "I consent to the rehabilitation treatment that was explained to me. I know its aim, its risks and the alternatives, and could ask questions. I can stop the treatment and withdraw this at any time."}
content:
{"format": 1,
 "title": {"ro": "Informare și acord pentru tratamentul de recuperare", "en": "Information and consent for rehabilitation treatment"},
 "intro": {
   "ro": "Citiți acest text împreună cu specialistul dumneavoastră. El vă spune ce se potrivește cazului dumneavoastră și vă răspunde la întrebări înainte de a semna.",
   "en": "Read this together with your specialist, who tells you what applies to you and answers your questions before you sign."},
 "intent": {
   "ro": "Am fost informat, am primit răspuns la întrebări și sunt de acord cu tratamentul descris.",
   "en": "I was informed, my questions were answered, and I consent to the treatment described."},
 "items": [
  {"key": "methods", "type": "choices", "required": true, "min_chosen": 1,
   "label": {"ro": "Tratamentul propus", "en": "Proposed treatment"},
   "options": [
    {"value": "exercise", "label": {"ro": "Kinetoterapie (exerciții)", "en": "Therapeutic exercise"}},
    {"value": "manual", "label": {"ro": "Terapie manuală și mobilizări", "en": "Manual therapy and mobilisation"}},
    {"value": "electro", "label": {"ro": "Electroterapie, ultrasunete, laser", "en": "Electrotherapy, ultrasound, laser"}},
    {"value": "massage", "label": {"ro": "Masaj terapeutic", "en": "Therapeutic massage"}},
    {"value": "thermo", "label": {"ro": "Căldură sau frig", "en": "Heat or cold"}},
    {"value": "other", "label": {"ro": "Altă metodă", "en": "Another method"}}]},
  {"key": "method_other", "type": "text", "required": true, "max_length": 500,
   "visible_if": {"field": "methods", "op": "contains", "value": "other"},
   "label": {"ro": "Care metodă?", "en": "Which method?"}},
  {"key": "aim", "type": "statement",
   "text": {
     "ro": "Scop. Tratamentul urmărește reducerea durerii, redarea mișcării și a forței și întoarcerea la activitățile obișnuite. Cât de mult și cât de repede diferă de la om la om; un rezultat nu poate fi garantat.",
     "en": "Aim. The treatment is meant to reduce pain, restore movement and strength, and bring you back to your usual activities. How far and how fast differs from person to person; no result can be guaranteed."}},
  {"key": "risks", "type": "statement",
   "text": {
     "ro": "Riscuri obișnuite. Febră musculară, oboseală sau durere mai mare în primele zile, vânătăi mici după terapia manuală sau masaj, roșeață sau iritarea pielii după electroterapie, căldură ori frig, amețeală la efort. De regulă trec de la sine.",
     "en": "Common risks. Muscle soreness, tiredness or more pain in the first days, small bruises after manual therapy or massage, redness or irritation of the skin after electrotherapy, heat or cold, dizziness with effort. As a rule they pass by themselves."}},
  {"key": "rare_risks", "type": "statement",
   "text": {
     "ro": "Riscuri rare. Căzături în timpul exercițiilor, arsuri ale pielii, agravarea unei leziuni existente. Ele scad dacă specialistul știe tot ce aveți: stimulator cardiac, metal în corp, sarcină, tromboză, cancer, osteoporoză, tulburări de sensibilitate.",
     "en": "Rare risks. Falls during exercise, burns of the skin, worsening of an existing injury. They are smaller when the specialist knows everything about you: a pacemaker, metal in the body, pregnancy, thrombosis, cancer, osteoporosis, loss of feeling."}},
  {"key": "personal_risks", "type": "long_text", "max_length": 2000,
   "label": {"ro": "Riscuri care țin de cazul dumneavoastră (completate cu specialistul)", "en": "Risks particular to you (filled in with the specialist)"}},
  {"key": "alternatives", "type": "statement",
   "text": {
     "ro": "Alte posibilități. Așteptarea, medicația recomandată de medic, alte metode de recuperare, uneori operația. Specialistul vă spune ce înseamnă fiecare pentru dumneavoastră și ce se poate întâmpla fără tratament.",
     "en": "Alternatives. Waiting, medication advised by a doctor, other methods of rehabilitation, sometimes surgery. The specialist tells you what each means for you and what may happen without treatment."}},
  {"key": "your_part", "type": "statement",
   "text": {
     "ro": "Ce vă rugăm. Spuneți imediat dacă o mișcare doare mai mult decât vi s-a explicat sau dacă vă simțiți rău. Faceți exercițiile de acasă așa cum v-au fost arătate.",
     "en": "What we ask of you. Say at once if a movement hurts more than was explained to you or if you feel unwell. Do the exercises at home as they were shown to you."}},
  {"key": "choice", "type": "statement",
   "text": {
     "ro": "Libera alegere. Puteți refuza tratamentul întreg sau o parte din el, îl puteți opri oricând și puteți retrage acest acord din cont sau la recepție, fără să dați un motiv. Specialistul vă spune ce urmări poate avea oprirea.",
     "en": "Your choice. You may refuse the treatment or a part of it, may stop it at any time, and may withdraw this consent in your account or at the front desk without giving a reason. The specialist tells you what stopping may lead to."}},
  {"key": "minor", "type": "statement",
   "text": {
     "ro": "Minori. Pentru o persoană sub 18 ani semnează părintele sau reprezentantul legal; părerea copilului se ascultă după vârsta și înțelegerea lui.",
     "en": "Minors. For a person under 18 a parent or legal representative signs; the child is heard as age and understanding allow."}},
  {"key": "asked", "type": "choice", "required": true,
   "label": {"ro": "Ați putut pune întrebări?", "en": "Could you ask questions?"},
   "options": [
    {"value": "answered", "label": {"ro": "Da, și am primit răspuns", "en": "Yes, and they were answered"}},
    {"value": "none", "label": {"ro": "Nu am avut întrebări", "en": "I had no questions"}}]},
  {"key": "not_wanted", "type": "long_text", "max_length": 1000,
   "label": {"ro": "Există o metodă sau o atingere pe care nu o doriți?", "en": "Is there a method or a touch that you do not want?"}}]}
');
