-- Consent to care at a distance. FRM-03, CNS-01.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "telemedicine"}', rows => '
kind: consent
signature_mode: click_typed
purposes: {telemedicine}
citations: {"Legea 95/2006","HG 1133/2022","GDPR art. 9"}
content:
{"format": 1,
 "title": {"ro": "Acord pentru consultații și ședințe la distanță", "en": "Consent to consultations and sessions at a distance"},
 "intro": {
   "ro": "La o consultație la distanță specialistul vă vede și vă aude prin video sau vă aude la telefon. Mai jos scrie ce se poate face astfel și ce nu.",
   "en": "In a consultation at a distance the specialist sees and hears you by video, or hears you by telephone. Below you read what can be done in this way and what cannot."},
 "intent": {
   "ro": "Am citit, am putut pune întrebări și sunt de acord cu îngrijirea la distanță.",
   "en": "I have read this, could ask questions, and consent to care at a distance."},
 "items": [
  {"key": "what", "type": "statement",
   "text": {
     "ro": "Ce este. Convorbirea are loc între dumneavoastră și specialistul numit în programare, prin legătura din aplicație sau la telefon. Specialistul scrie în fișa medicală, ca la o vizită la clinică. Convorbirea nu se înregistrează; pentru înregistrare este nevoie de un acord separat.",
     "en": "What it is. The conversation takes place between you and the specialist named in the appointment, over the link in the app or by telephone. The specialist writes in your medical record as at a visit to the clinic. The conversation is not recorded; recording needs a separate consent."}},
  {"key": "limits", "type": "statement",
   "text": {
     "ro": "Limite. Specialistul nu vă poate examina cu mâna și nu poate face proceduri. Imaginea, sunetul sau legătura pot fi slabe, și unele semne pot scăpa. Dacă specialistul consideră că nu ajunge, vă cheamă la clinică sau vă îndrumă la alt medic.",
     "en": "Limits. The specialist cannot examine you by hand and cannot carry out procedures. Picture, sound or connection may be poor, and some signs may be missed. If the specialist finds that this is not enough, you are asked to come to the clinic or referred to another doctor."}},
  {"key": "emergency", "type": "statement",
   "text": {
     "ro": "Urgențe. Consultația la distanță nu este pentru urgențe. Pentru dureri în piept, greutate la respirație, pierderea cunoștinței, slăbiciune bruscă a unei părți a corpului sau alte semne grave sunați la 112.",
     "en": "Emergencies. A consultation at a distance is not for emergencies. For chest pain, trouble breathing, loss of consciousness, sudden weakness of a part of the body or other serious signs, call 112."}},
  {"key": "your_part", "type": "statement",
   "text": {
     "ro": "Ce vă rugăm. Alegeți un loc liniștit, unde nu vă aud alții. Spuneți de la început unde vă aflați și cine mai este cu dumneavoastră. La exerciții aveți loc liber în jur și, dacă v-am recomandat, pe cineva aproape. Opriți-vă dacă apar dureri sau amețeli.",
     "en": "What we ask of you. Choose a quiet place where others do not hear you. Say at the beginning where you are and who is with you. For exercises have free space around you and, if we advised it, somebody close by. Stop if you feel pain or dizziness."}},
  {"key": "privacy", "type": "statement",
   "text": {
     "ro": "Datele. Legătura este criptată. Se păstrează ce scrie specialistul în fișă, ora și durata convorbirii. Furnizorul serviciului video lucrează după instrucțiunile clinicii și este numit în nota de informare.",
     "en": "Data. The connection is encrypted. What the specialist writes in the record, the time and the length of the conversation are kept. The supplier of the video service acts on the instructions of the clinic and is named in the privacy notice."}},
  {"key": "choice", "type": "statement",
   "text": {
     "ro": "Libera alegere. Puteți refuza și puteți cere o vizită la clinică în loc. Puteți opri convorbirea și puteți retrage acordul oricând, din cont sau la recepție; ce s-a făcut până atunci rămâne valabil. Programările viitoare la distanță vor cere din nou acordul.",
     "en": "Your choice. You may refuse, and may ask for a visit to the clinic instead. You may end the conversation and withdraw this consent at any time, in your account or at the front desk; what was done before stays valid. Future appointments at a distance will ask for consent again."}},
  {"key": "minor", "type": "statement",
   "text": {
     "ro": "Minori. Pentru o persoană sub 18 ani semnează părintele sau reprezentantul legal, care este prezent la convorbire dacă specialistul nu convine altfel.",
     "en": "Minors. For a person under 18 a parent or legal representative signs, and is present in the conversation unless the specialist agrees otherwise."}},
  {"key": "place", "type": "text", "max_length": 300,
   "label": {"ro": "De unde vă veți conecta de obicei? (adresa, pentru cazul în care trebuie chemată ambulanța)", "en": "From where will you usually connect? (the address, in case an ambulance has to be called)"}},
  {"key": "nearby_contact", "type": "phone",
   "label": {"ro": "Telefonul cuiva din apropiere", "en": "Telephone of somebody near you"}}]}
');
