-- The clinic's terms, and that its privacy notice was read. FRM-03.
-- Reading a notice is no consent to processing: care rests on other grounds, so both are accepted apart, and neither
-- asks for marketing, which has purposes of its own.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "terms_gdpr"}', rows => '
kind: consent
signature_mode: click_typed
purposes: {org_terms,privacy_notice}
citations: {"GDPR art. 12-14","Legea 46/2003","Legea 95/2006"}
content:
{"format": 1,
 "title": {"ro": "Termenii clinicii și protecția datelor", "en": "Clinic terms and data protection"},
 "intro": {
   "ro": "Aici aflați cum lucrăm împreună și ce facem cu datele dumneavoastră. Citiți în ritmul dumneavoastră și întrebați-ne ce nu este clar înainte de a semna.",
   "en": "This tells you how we work together and what we do with your data. Take your time, and ask us about anything that is unclear before you sign."},
 "intent": {
   "ro": "Am citit și accept termenii clinicii și confirm că am primit nota de informare privind datele personale.",
   "en": "I have read and accept the clinic terms, and I confirm that I received the privacy notice."},
 "items": [
  {"key": "terms", "type": "group",
   "label": {"ro": "Termenii clinicii", "en": "Clinic terms"},
   "items": [
    {"key": "terms_visits", "type": "statement",
     "text": {
       "ro": "Programări. Vă rugăm să veniți la timp. Dacă nu puteți ajunge, anunțați-ne din vreme, ca să oferim locul altui pacient. Condițiile și eventualele costuri ale anulării le găsiți la recepție și pe pagina clinicii.",
       "en": "Appointments. Please come on time. If you cannot come, tell us early so that another patient can have your place. The conditions and possible costs of cancelling are available at the front desk and on the clinic page."}},
    {"key": "terms_care", "type": "statement",
     "text": {
       "ro": "Îngrijirea. Specialistul vă explică ce tratament propune, ce se poate aștepta de la el, ce riscuri are și ce alte posibilități există. Puteți pune întrebări, puteți cere altă opinie și puteți opri tratamentul oricând. Niciun rezultat nu poate fi garantat.",
       "en": "Care. The specialist explains the treatment proposed, what can be expected of it, its risks and the alternatives. You may ask questions, seek another opinion, and stop treatment at any time. No result can be guaranteed."}},
    {"key": "terms_truth", "type": "statement",
     "text": {
       "ro": "Informațiile dumneavoastră. Spuneți-ne corect și complet ce boli aveți și ce medicamente luați și anunțați-ne când se schimbă ceva. De aceste răspunsuri depinde siguranța tratamentului.",
       "en": "Your information. Tell us correctly and completely about your conditions and medicines, and let us know when something changes. The safety of the treatment depends on it."}},
    {"key": "terms_payment", "type": "statement",
     "text": {
       "ro": "Plata. Prețurile sunt afișate la recepție și în aplicație înainte de programare. Pentru serviciile plătite primiți factură sau bon.",
       "en": "Payment. Prices are shown at the front desk and in the app before you book. For paid services you receive an invoice or a receipt."}},
    {"key": "terms_account", "type": "statement",
     "text": {
       "ro": "Contul. Contul este personal. Nu dați nimănui parola sau codurile primite. Pentru urgențe nu scrieți în aplicație: sunați la 112.",
       "en": "Your account. The account is personal. Give nobody your password or the codes you receive. Do not use the app for emergencies: call 112."}}]},

  {"key": "data", "type": "group",
   "label": {"ro": "Datele dumneavoastră, pe scurt", "en": "Your data, in short"},
   "items": [
    {"key": "data_what", "type": "statement",
     "text": {
       "ro": "Ce date. Datele de contact, programările, istoricul medical, evaluările, planul de tratament și documentele pe care ni le dați sau care se nasc aici. Operatorul lor este clinica.",
       "en": "Which data. Contact details, appointments, medical history, assessments, treatment plan, and the documents you give us or that are made here. The clinic is their controller."}},
    {"key": "data_why", "type": "statement",
     "text": {
       "ro": "De ce. Pentru a vă trata, pentru a ține fișa medicală cerută de lege și pentru plată. Pentru acestea nu vă cerem acordul: temeiul este îngrijirea medicală și obligația legală. Pentru ședințe video, înregistrări, analiza mișcării și mesaje publicitare vă întrebăm de fiecare dată separat, și puteți spune nu.",
       "en": "Why. To treat you, to keep the medical record that the law requires, and for payment. We do not ask your consent for these: they rest on medical care and legal obligation. For video sessions, recordings, movement analysis and advertising we ask you separately each time, and you may say no."}},
    {"key": "data_who", "type": "statement",
     "text": {
       "ro": "Cine le vede. Specialiștii și personalul clinicii care au nevoie de ele pentru munca lor, toți cu obligația de a păstra secretul. Cine v-a deschis fișa puteți vedea în contul dumneavoastră. Furnizorii care ne țin sistemele lucrează numai după instrucțiunile noastre.",
       "en": "Who sees them. The specialists and staff of the clinic who need them for their work, all bound to secrecy. You can see in your account who opened your record. The suppliers who run our systems act only on our instructions."}},
    {"key": "data_rights", "type": "statement",
     "text": {
       "ro": "Drepturile dumneavoastră. Puteți cere să vedeți datele, să le primiți în copie, să le corectăm, să le ștergem unde legea permite, să le restricționăm sau să le mutăm, și vă puteți opune prelucrării. Un acord dat se retrage la fel de ușor cum a fost dat, din cont sau la recepție. Vă puteți plânge la Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal (www.dataprotection.ro).",
       "en": "Your rights. You may ask to see your data, to receive a copy, to have them corrected, erased where the law allows, restricted or moved, and you may object to processing. A consent is withdrawn as easily as it was given, in your account or at the front desk. You may complain to the Romanian supervisory authority, ANSPDCP (www.dataprotection.ro)."}},
    {"key": "data_notice", "type": "statement",
     "text": {
       "ro": "Nota de informare completă, cu termenele de păstrare și datele de contact, se găsește la recepție și în contul dumneavoastră.",
       "en": "The complete privacy notice, with storage periods and contact details, is at the front desk and in your account."}}]},

  {"key": "terms_read", "type": "choice", "required": true,
   "label": {"ro": "Ați citit termenii și îi acceptați?", "en": "Have you read the terms, and do you accept them?"},
   "options": [{"value": "yes", "label": {"ro": "Da, îi accept", "en": "Yes, I accept them"}}]},
  {"key": "notice_received", "type": "choice", "required": true,
   "label": {"ro": "Ați primit nota de informare privind datele personale?", "en": "Have you received the privacy notice?"},
   "options": [{"value": "yes", "label": {"ro": "Da, am primit-o", "en": "Yes, I have received it"}}]}]}
');
