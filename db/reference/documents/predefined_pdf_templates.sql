-- The templates of documents that every clinic gets, with the parts that they share, in Romanian and English. A component is named by
-- its key here; a clinic's copy names the clinic's own. DOC-01.

select app_private.own_rows('app_private.predefined_pdf_templates', rows => '
key: consultation_report_en
kind: report
locale: en
title: Consultation report
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_en"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "No. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Patient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Date of birth: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Date: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Service: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_complaint", "when": {"field": "input.complaint", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_complaint", "level": 2, "content": [{"text": "Reason for the visit"}]}, {"type": "text", "id": "complaint", "paragraphs": [[{"field": "input.complaint"}]]}]},
  {"type": "condition", "id": "if_history", "when": {"field": "input.history", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_history", "level": 2, "content": [{"text": "History"}]}, {"type": "text", "id": "history", "paragraphs": [[{"field": "input.history"}]]}]},
  {"type": "condition", "id": "if_findings", "when": {"field": "input.findings", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_findings", "level": 2, "content": [{"text": "Findings"}]}, {"type": "text", "id": "findings", "paragraphs": [[{"field": "input.findings"}]]}]},
  {"type": "condition", "id": "if_diagnosis", "when": {"field": "input.diagnosis", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_diagnosis", "level": 2, "content": [{"text": "Diagnosis"}]}, {"type": "text", "id": "diagnosis", "paragraphs": [[{"field": "input.diagnosis"}]]}]},
  {"type": "condition", "id": "if_plan", "when": {"field": "input.plan", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_plan", "level": 2, "content": [{"text": "Plan and recommendations"}]}, {"type": "text", "id": "plan", "paragraphs": [[{"field": "input.plan"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_en"},
  {"type": "footer", "id": "footer", "component": "footer_en"}],
 "inputs": [
  {"key": "complaint", "label": "Reason for the visit", "type": "long_text"},
  {"key": "history", "label": "History", "type": "long_text"},
  {"key": "findings", "label": "Findings", "type": "long_text", "required": true},
  {"key": "diagnosis", "label": "Diagnosis", "type": "long_text"},
  {"key": "plan", "label": "Plan and recommendations", "type": "long_text"}]}
==========
key: consultation_report_ro
kind: report
locale: ro
title: Raport de consult
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_ro"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "Nr. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Pacient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Data nașterii: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Data: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Serviciu: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_complaint", "when": {"field": "input.complaint", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_complaint", "level": 2, "content": [{"text": "Motivul prezentării"}]}, {"type": "text", "id": "complaint", "paragraphs": [[{"field": "input.complaint"}]]}]},
  {"type": "condition", "id": "if_history", "when": {"field": "input.history", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_history", "level": 2, "content": [{"text": "Istoric"}]}, {"type": "text", "id": "history", "paragraphs": [[{"field": "input.history"}]]}]},
  {"type": "condition", "id": "if_findings", "when": {"field": "input.findings", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_findings", "level": 2, "content": [{"text": "Examen clinic"}]}, {"type": "text", "id": "findings", "paragraphs": [[{"field": "input.findings"}]]}]},
  {"type": "condition", "id": "if_diagnosis", "when": {"field": "input.diagnosis", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_diagnosis", "level": 2, "content": [{"text": "Diagnostic"}]}, {"type": "text", "id": "diagnosis", "paragraphs": [[{"field": "input.diagnosis"}]]}]},
  {"type": "condition", "id": "if_plan", "when": {"field": "input.plan", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_plan", "level": 2, "content": [{"text": "Plan și recomandări"}]}, {"type": "text", "id": "plan", "paragraphs": [[{"field": "input.plan"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_ro"},
  {"type": "footer", "id": "footer", "component": "footer_ro"}],
 "inputs": [
  {"key": "complaint", "label": "Motivul prezentării", "type": "long_text"},
  {"key": "history", "label": "Istoric", "type": "long_text"},
  {"key": "findings", "label": "Examen clinic", "type": "long_text", "required": true},
  {"key": "diagnosis", "label": "Diagnostic", "type": "long_text"},
  {"key": "plan", "label": "Plan și recomandări", "type": "long_text"}]}
==========
key: footer_en
kind: footer
locale: en
title: Footer
editor_state:
{"blocks": [
  {"type": "text", "id": "page", "size": 8, "align": "center", "color": "#5b6470", "paragraphs": [[{"field": "document.title"}, {"text": " · page "}, {"field": "page.number"}, {"text": " of "}, {"field": "page.count"}]]}]}
==========
key: footer_ro
kind: footer
locale: ro
title: Subsol
editor_state:
{"blocks": [
  {"type": "text", "id": "page", "size": 8, "align": "center", "color": "#5b6470", "paragraphs": [[{"field": "document.title"}, {"text": " · pagina "}, {"field": "page.number"}, {"text": " din "}, {"field": "page.count"}]]}]}
==========
key: letterhead_en
kind: letterhead
locale: en
title: Letterhead
editor_state:
{"blocks": [
  {"type": "text", "id": "clinic", "size": 13, "paragraphs": [[{"field": "clinic.name", "bold": true}]]},
  {"type": "text", "id": "contact", "size": 9, "color": "#5b6470", "paragraphs": [[{"field": "clinic.address"}], [{"field": "clinic.phone"}, {"text": " · "}, {"field": "clinic.email"}]]},
  {"type": "divider", "id": "line"}]}
==========
key: letterhead_ro
kind: letterhead
locale: ro
title: Antet
editor_state:
{"blocks": [
  {"type": "text", "id": "clinic", "size": 13, "paragraphs": [[{"field": "clinic.name", "bold": true}]]},
  {"type": "text", "id": "contact", "size": 9, "color": "#5b6470", "paragraphs": [[{"field": "clinic.address"}], [{"field": "clinic.phone"}, {"text": " · "}, {"field": "clinic.email"}]]},
  {"type": "divider", "id": "line"}]}
==========
key: physiotherapy_record_en
kind: report
locale: en
title: Physiotherapy record
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_en"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "No. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Patient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Date of birth: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Date: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Service: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_goals", "when": {"field": "input.goals", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_goals", "level": 2, "content": [{"text": "Goals"}]}, {"type": "text", "id": "goals", "paragraphs": [[{"field": "input.goals"}]]}]},
  {"type": "condition", "id": "if_findings", "when": {"field": "input.findings", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_findings", "level": 2, "content": [{"text": "Assessment"}]}, {"type": "text", "id": "findings", "paragraphs": [[{"field": "input.findings"}]]}]},
  {"type": "heading", "id": "h_exercises", "level": 2, "content": [{"text": "Exercises"}]},
  {"type": "table", "id": "exercises", "over": "input.exercises", "columns": [{"header": [{"text": "Exercise"}], "width": 45, "cell": [{"field": "item.name"}]}, {"header": [{"text": "Sets"}], "width": 12, "align": "right", "cell": [{"field": "item.sets", "format": "number"}]}, {"header": [{"text": "Repetitions"}], "width": 13, "align": "right", "cell": [{"field": "item.repetitions", "format": "number"}]}, {"header": [{"text": "Notes"}], "width": 30, "cell": [{"field": "item.note"}]}]},
  {"type": "heading", "id": "h_sessions", "level": 2, "content": [{"text": "Sessions done"}]},
  {"type": "table", "id": "sessions", "over": "sessions", "columns": [{"header": [{"text": "Date"}], "width": 25, "cell": [{"field": "item.starts_at", "format": "date"}]}, {"header": [{"text": "Service"}], "width": 45, "cell": [{"field": "item.service"}]}, {"header": [{"text": "Specialist"}], "width": 30, "cell": [{"field": "item.specialist"}]}]},
  {"type": "condition", "id": "if_advice", "when": {"field": "input.advice", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_advice", "level": 2, "content": [{"text": "Advice for at home"}]}, {"type": "text", "id": "advice", "paragraphs": [[{"field": "input.advice"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_en"},
  {"type": "footer", "id": "footer", "component": "footer_en"}],
 "inputs": [
  {"key": "goals", "label": "Goals", "type": "long_text"},
  {"key": "findings", "label": "Assessment", "type": "long_text", "required": true},
  {"key": "exercises", "label": "Exercises", "type": "rows", "columns": [{"key": "name", "label": "Exercise", "type": "text"}, {"key": "sets", "label": "Sets", "type": "number"}, {"key": "repetitions", "label": "Repetitions", "type": "number"}, {"key": "note", "label": "Notes", "type": "text"}]},
  {"key": "advice", "label": "Advice for at home", "type": "long_text"}]}
==========
key: physiotherapy_record_ro
kind: report
locale: ro
title: Fișă de kinetoterapie
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_ro"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "Nr. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Pacient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Data nașterii: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Data: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Serviciu: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_goals", "when": {"field": "input.goals", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_goals", "level": 2, "content": [{"text": "Obiective"}]}, {"type": "text", "id": "goals", "paragraphs": [[{"field": "input.goals"}]]}]},
  {"type": "condition", "id": "if_findings", "when": {"field": "input.findings", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_findings", "level": 2, "content": [{"text": "Evaluare"}]}, {"type": "text", "id": "findings", "paragraphs": [[{"field": "input.findings"}]]}]},
  {"type": "heading", "id": "h_exercises", "level": 2, "content": [{"text": "Exerciții"}]},
  {"type": "table", "id": "exercises", "over": "input.exercises", "columns": [{"header": [{"text": "Exercițiu"}], "width": 45, "cell": [{"field": "item.name"}]}, {"header": [{"text": "Serii"}], "width": 12, "align": "right", "cell": [{"field": "item.sets", "format": "number"}]}, {"header": [{"text": "Repetări"}], "width": 13, "align": "right", "cell": [{"field": "item.repetitions", "format": "number"}]}, {"header": [{"text": "Observații"}], "width": 30, "cell": [{"field": "item.note"}]}]},
  {"type": "heading", "id": "h_sessions", "level": 2, "content": [{"text": "Ședințe efectuate"}]},
  {"type": "table", "id": "sessions", "over": "sessions", "columns": [{"header": [{"text": "Data"}], "width": 25, "cell": [{"field": "item.starts_at", "format": "date"}]}, {"header": [{"text": "Serviciu"}], "width": 45, "cell": [{"field": "item.service"}]}, {"header": [{"text": "Specialist"}], "width": 30, "cell": [{"field": "item.specialist"}]}]},
  {"type": "condition", "id": "if_advice", "when": {"field": "input.advice", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_advice", "level": 2, "content": [{"text": "Recomandări pentru acasă"}]}, {"type": "text", "id": "advice", "paragraphs": [[{"field": "input.advice"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_ro"},
  {"type": "footer", "id": "footer", "component": "footer_ro"}],
 "inputs": [
  {"key": "goals", "label": "Obiective", "type": "long_text"},
  {"key": "findings", "label": "Evaluare", "type": "long_text", "required": true},
  {"key": "exercises", "label": "Exerciții", "type": "rows", "columns": [{"key": "name", "label": "Exercițiu", "type": "text"}, {"key": "sets", "label": "Serii", "type": "number"}, {"key": "repetitions", "label": "Repetări", "type": "number"}, {"key": "note", "label": "Observații", "type": "text"}]},
  {"key": "advice", "label": "Recomandări pentru acasă", "type": "long_text"}]}
==========
key: recommendation_en
kind: prescription
locale: en
title: Recommendation
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_en"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "No. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Patient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Date of birth: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Date: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Service: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_diagnosis", "when": {"field": "input.diagnosis", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_diagnosis", "level": 2, "content": [{"text": "Diagnosis"}]}, {"type": "text", "id": "diagnosis", "paragraphs": [[{"field": "input.diagnosis"}]]}]},
  {"type": "heading", "id": "h_advice", "level": 2, "content": [{"text": "Recommendations"}]},
  {"type": "text", "id": "advice", "paragraphs": [[{"field": "input.advice"}]]},
  {"type": "condition", "id": "if_next", "when": {"field": "input.next_visit", "operator": "is_filled"}, "blocks": [{"type": "text", "id": "next", "paragraphs": [[{"text": "Next visit: ", "bold": true}, {"field": "input.next_visit", "format": "date_long"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_en"},
  {"type": "footer", "id": "footer", "component": "footer_en"}],
 "inputs": [
  {"key": "diagnosis", "label": "Diagnosis", "type": "long_text"},
  {"key": "advice", "label": "Recommendations", "type": "long_text", "required": true},
  {"key": "next_visit", "label": "Next visit", "type": "date"}]}
==========
key: recommendation_ro
kind: prescription
locale: ro
title: Recomandare
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_ro"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "Nr. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Pacient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Data nașterii: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Data: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Serviciu: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_diagnosis", "when": {"field": "input.diagnosis", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_diagnosis", "level": 2, "content": [{"text": "Diagnostic"}]}, {"type": "text", "id": "diagnosis", "paragraphs": [[{"field": "input.diagnosis"}]]}]},
  {"type": "heading", "id": "h_advice", "level": 2, "content": [{"text": "Recomandări"}]},
  {"type": "text", "id": "advice", "paragraphs": [[{"field": "input.advice"}]]},
  {"type": "condition", "id": "if_next", "when": {"field": "input.next_visit", "operator": "is_filled"}, "blocks": [{"type": "text", "id": "next", "paragraphs": [[{"text": "Următorul control: ", "bold": true}, {"field": "input.next_visit", "format": "date_long"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_ro"},
  {"type": "footer", "id": "footer", "component": "footer_ro"}],
 "inputs": [
  {"key": "diagnosis", "label": "Diagnostic", "type": "long_text"},
  {"key": "advice", "label": "Recomandări", "type": "long_text", "required": true},
  {"key": "next_visit", "label": "Următorul control", "type": "date"}]}
==========
key: signature_en
kind: signature
locale: en
title: Name under the signature
editor_state:
{"blocks": [
  {"type": "text", "id": "name", "size": 9, "paragraphs": [[{"field": "specialist.name"}], [{"text": "Registration number: "}, {"field": "specialist.registration_number"}]]}]}
==========
key: signature_ro
kind: signature
locale: ro
title: Numele sub semnătură
editor_state:
{"blocks": [
  {"type": "text", "id": "name", "size": 9, "paragraphs": [[{"field": "specialist.name"}], [{"text": "Cod parafă: "}, {"field": "specialist.registration_number"}]]}]}
==========
key: signed_form_en
kind: form
locale: en
title: Signed form
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_en"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "form.title"}]},
  {"type": "text", "id": "patient", "paragraphs": [[{"text": "Patient: ", "bold": true}, {"field": "patient.name"}, {"text": ", date of birth "}, {"field": "patient.birth_date", "format": "date"}]]},
  {"type": "text", "id": "intro", "paragraphs": [[{"field": "form.intro"}]]},
  {"type": "answers", "id": "answers", "show_texts": true, "show_unanswered": true},
  {"type": "text", "id": "intent", "paragraphs": [[{"field": "form.intent", "italic": true}]]},
  {"type": "signature", "id": "signature", "width": 60, "label": [{"text": "Signature"}]},
  {"type": "proof", "id": "proof"},
  {"type": "footer", "id": "footer", "component": "footer_en"}]}
==========
key: signed_form_ro
kind: form
locale: ro
title: Formular semnat
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_ro"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "form.title"}]},
  {"type": "text", "id": "patient", "paragraphs": [[{"text": "Pacient: ", "bold": true}, {"field": "patient.name"}, {"text": ", data nașterii "}, {"field": "patient.birth_date", "format": "date"}]]},
  {"type": "text", "id": "intro", "paragraphs": [[{"field": "form.intro"}]]},
  {"type": "answers", "id": "answers", "show_texts": true, "show_unanswered": true},
  {"type": "text", "id": "intent", "paragraphs": [[{"field": "form.intent", "italic": true}]]},
  {"type": "signature", "id": "signature", "width": 60, "label": [{"text": "Semnătura"}]},
  {"type": "proof", "id": "proof"},
  {"type": "footer", "id": "footer", "component": "footer_ro"}]}
');
