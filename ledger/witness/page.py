"""The one page of a witness, as a template: whose key it is, what it follows, and what it holds against a log."""

PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Witness {{ name }}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #0b0c0c }
code { overflow-wrap: anywhere }
th, td { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid #b1b4b6 }
table { border-collapse: collapse }
.proof { border-left: .5rem solid #d4351c; padding-left: 1rem }
</style>
</head>
<body>
<main>
<h1>Witness {{ name }}</h1>
<p>This service remembers how far each log below had grown, and signs only what continues it. It holds no record and no
one’s data.</p>
<p>Its key, to be named in a policy: <code>{{ vkey }}</code></p>
{% if evidence %}
<section class="{{ 'proof' if evidence | selectattr('kind.is_proof') | list else '' }}">
<h2>Held against a log</h2>
<ul>
{% for one in evidence %}
<li><a href="evidence/{{ one.number }}">{{ titles[one.kind] }}</a>: <code>{{ one.origin }}</code>,
found {{ one.found_at | moment }}</li>
{% endfor %}
</ul>
</section>
{% endif %}
<h2>Logs that it follows</h2>
<table>
<thead><tr><th scope="col">Log</th><th scope="col">Entries</th><th scope="col">Last signed</th>
<th scope="col">The log’s key</th></tr></thead>
<tbody>
{% for state in states %}
<tr><td><code>{{ state.origin }}</code></td>
{% if state.latest %}<td>{{ state.latest.size }}</td><td>{{ state.latest.cosigned_at | moment }}</td>
{% else %}<td>none seen yet</td><td>never</td>{% endif %}
<td>{% for vkey in state.vkeys %}<code>{{ vkey }}</code> {% endfor %}</td></tr>
{% endfor %}
</tbody>
</table>
<p>For programs: <a href="log-state.json">log-state.json</a>.</p>
</main>
</body>
</html>
"""
