"""Fuzzes every operation of the API with schemathesis, as everybody who may call it.

usage: fuzz.py COUNTY FOLDER

COUNTY is the program of tests/examples/county.rs. It starts an exchange with one of everything and says where it is, who may call what, and
what paths may name; so the requests reach past the door. Those who may not call are the matter of tests/tests/it/authorisation.rs.

What is asked of each answer: no fault of the server's own, and a status, a media type and a body that the OpenAPI document describes.
"""

import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Examples of the fuzzing phase for an operation, beside those that the coverage phase derives from the schema.
EXAMPLES = 15
# They end the caller's session, or move everybody's time: after all others.
LAST = {"DELETE /api/v1/session", "POST /api/v1/demo/clock", "POST /api/v1/admin/accounts/{id}/disable"}
# A notice has some two thousand corners; the coverage phase turns each of them in one of the operations that take one, which reads it with the
# same code as these.
SAME_BODY = ["POST /api/v1/drafts", "PUT /api/v1/drafts/{id}", "POST /api/v1/lots/{id}/correct"]
# Never generated: the live feed is a stream without an end, which a client that waits for the whole answer can't judge. Its frames are tested
# in services/bidding/tests, its status and media type in tests/tests/it/authorisation.rs.
NEVER = {"GET /api/v1/lots/{id}/feed"}
def name(operation):
    return f"{operation['method']} {operation['path']}"


def shares(county):
    """Who fuzzes what: reading everybody who may, writing one of them each."""
    share = {None: set(), **{role: set() for role in county["tokens"]}}
    for operation in county["operations"]:
        entitled = operation["roles"] or [None]
        if operation["method"] != "GET":
            entitled = [min(entitled, key=lambda role: sum(not name.startswith("GET") for name in share[role]))]
        for role in entitled:
            share[role].add(name(operation))
    return {role: operations - NEVER for role, operations in share.items()}


def only(document, wanted):
    """The document with the wanted operations alone."""
    paths = {}
    for path, item in document["paths"].items():
        kept = {method: body for method, body in item.items() if f"{method.upper()} {path}" in wanted}
        if kept:
            paths[path] = kept
    return {**document, "paths": paths}


def settings(county, document):
    """What paths may name: mostly things that are there."""
    lines = []
    for number, (prefix, values) in enumerate(sorted(county["paths"].items())):
        lines += [f"[dictionaries.there{number}]", f"values = {json.dumps(values)}"]
    for number, prefix in enumerate(sorted(county["paths"])):
        first = {re.match(re.escape(prefix) + r"\{(\w+)\}", path) for path in document["paths"]}
        for parameter in sorted({match.group(1) for match in first if match}):
            lines += [
                "[[operations]]",
                f"include-path-regex = {json.dumps('^' + re.escape(prefix) + '[{]')}",
                f'parameters = {{ "path.{parameter}" = {{ dictionary = "there{number}", probability = 0.8 }} }}',
            ]
    for operation in SAME_BODY:
        lines += ["[[operations]]", f'include-name = "{operation}"', "phases.coverage.enabled = false"]
    return "\n".join(lines) + "\n"


def run(county, document, role, wanted, folder):
    """Fuzzes the wanted operations as one caller. Gives how many passed and which failed."""
    folder.mkdir(parents=True)
    (folder / "openapi.json").write_text(json.dumps(only(document, wanted)))
    (folder / "schemathesis.toml").write_text(settings(county, document))
    command = [
        str(pathlib.Path(sys.executable).parent / "st"), "--config-file", str(folder / "schemathesis.toml"),
        "run", str(folder / "openapi.json"), "--url", county["url"], "--phases", "examples,coverage,fuzzing", "--checks", CHECKS,
        "--max-examples", str(EXAMPLES), "--workers", "1", "--continue-on-failure", "--no-shrink", "--request-timeout", "30",
        "--suppress-health-check", "all", "--warnings", "off", "--seed", "1", "--report", "json", "--report-json-path", str(folder / "report.json"),
    ]
    if role:
        command += ["--header", f"Authorization: Bearer {county['tokens'][role]}"]
    with open(folder / "output.txt", "w") as output:
        subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder, timeout=600, check=False)
    report = json.loads((folder / "report.json").read_text())
    failed = {operation for failure in report["failures"] for operation in failure["operations"]}
    failed |= {str(error.get("operation", error)) for error in report["errors"]}
    if not report["complete"]:
        failed.add(f"incomplete: {report['stop_reason']}")
    if report["operations"]["tested"] != len(wanted):
        failed.add(f"{report['operations']['tested']} of {len(wanted)} operations tested")
    return report["operations"]["tested"], report["test_cases"]["generated"], sorted(failed)


def main(program, folder):
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    county = json.loads(process.stdout.readline() or sys.exit("the county did not come about"))
    with urllib.request.urlopen(f"{county['url']}/api/openapi.json") as answer:
        document = json.load(answer)
    passed, failed, cases = 0, 0, 0

    def fuzz(role, wanted, place):
        since = time.monotonic()
        tested, generated, bad = run(county, document, role, wanted, place)
        lines = [f"{place.name:<20} {tested:>3} operations, {generated:>5} requests, {time.monotonic() - since:5.1f} s"]
        lines += [f"  FAILED {operation}; see {place}/output.txt" for operation in bad]
        print("\n".join(lines), flush=True)
        return tested, generated, bad

    # Two at a time; each by itself, since hypothesis (6.170) is not safe within threads.
    with ThreadPoolExecutor(2) as pool:
        for last in (False, True):
            runs = []
            for role, entitled in shares(county).items():
                wanted = {operation for operation in entitled if (operation in LAST) == last}
                place = folder / f"{role or 'nobody'}{'-last' if last else ''}"
                if wanted:
                    runs.append(pool.submit(fuzz, role, wanted, place))
            for tested, generated, bad in [future.result() for future in runs]:
                passed += tested - min(tested, len(bad))
                failed += len(bad)
                cases += generated
    process.stdin.close()
    if process.wait(timeout=60) != 0:
        print("  FAILED: the program told of faults of its own, or did not end well", flush=True)
        failed += 1
    print(f"{passed} passed, {failed} failed ({cases} requests)")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
