-- Consent to recording a video session. FRM-03, CNS-01.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "video_recording"}', rows => '
kind: consent
signature_mode: click_typed
purposes: {video_recording}
citations: {"GDPR art. 9","Legea 46/2003"}
content:
{"format": 1,
 "title": {"ro": "Acord pentru înregistrarea ședințelor video", "en": "Consent to the recording of video sessions"},
 "intro": {
   "ro": "Ședința are loc și fără înregistrare. Acest acord este separat și nu schimbă îngrijirea pe care o primiți.",
   "en": "The session takes place without recording as well. This consent stands apart and does not change the care you receive."},
 "intent": {
   "ro": "Am citit și sunt de acord ca ședințele mele video să fie înregistrate în scopurile de mai sus.",
   "en": "I have read this and consent to the recording of my video sessions for the purposes above."},
 "items": [
  {"key": "what", "type": "statement",
   "text": {
     "ro": "Ce se înregistrează. Imaginea și sunetul dumneavoastră și ale specialistului, de la pornirea înregistrării până la oprirea ei. Specialistul vă spune când o pornește, iar pe ecran apare un semn cât timp merge.",
     "en": "What is recorded. Picture and sound of you and of the specialist, from the start of the recording to its end. The specialist tells you when it starts, and a sign is on the screen while it runs."}},
  {"key": "why", "type": "statement",
   "text": {
     "ro": "La ce folosește. Pentru evaluarea mișcării și a evoluției dumneavoastră și pentru verificarea tratamentului de către specialiștii clinicii. Nu se folosește la reclamă, la cursuri sau la cercetare; pentru așa ceva vi s-ar cere un alt acord.",
     "en": "What it is used for. For assessing your movement and progress, and for review of the treatment by specialists of the clinic. It is not used for advertising, teaching or research; another consent would be asked for those."}},
  {"key": "who", "type": "statement",
   "text": {
     "ro": "Cine o vede. Specialiștii clinicii care vă tratează. Fiecare deschidere se consemnează. Înregistrarea se păstrează criptată, atât timp cât este scris în nota de informare, apoi se șterge.",
     "en": "Who sees it. The specialists of the clinic who treat you. Each time it is opened is put on record. The recording is kept encrypted for as long as the privacy notice says, and is then erased."}},
  {"key": "others", "type": "statement",
   "text": {
     "ro": "Alte persoane. Vă rugăm ca în cadru să nu apară alte persoane, mai ales copii, fără știrea și acordul lor.",
     "en": "Other people. Please make sure that nobody else, children above all, is in the picture without knowing and agreeing."}},
  {"key": "choice", "type": "statement",
   "text": {
     "ro": "Libera alegere. Puteți refuza, puteți cere în orice clipă oprirea înregistrării și puteți retrage acordul oricând, din cont sau la recepție. După retragere nu se mai înregistrează nimic. Puteți cere ștergerea înregistrărilor de până atunci; dacă legea ne obligă să păstrăm ceva, vă spunem ce și de ce.",
     "en": "Your choice. You may refuse, may ask at any moment for the recording to stop, and may withdraw this consent at any time, in your account or at the front desk. After that nothing more is recorded. You may ask for earlier recordings to be erased; if the law makes us keep something, we tell you what and why."}},
  {"key": "minor", "type": "statement",
   "text": {
     "ro": "Minori. Pentru o persoană sub 18 ani semnează părintele sau reprezentantul legal.",
     "en": "Minors. For a person under 18 a parent or legal representative signs."}},
  {"key": "picture_limits", "type": "long_text", "max_length": 1000,
   "label": {"ro": "Este ceva ce nu doriți să apară în imagine?", "en": "Is there anything you do not want to be in the picture?"}}]}
');
