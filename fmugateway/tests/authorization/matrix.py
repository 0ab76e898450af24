"""Who may do what: every address of ours, each with all its methods. What is not here answers 405 to everybody.

page: asked with a session and a wish for HTML; api: with an API token. run_token has bought another run.
login: sent to the sign-in. 503 and 400 are past the gate: nothing is sold in this test, and most bodies are empty.
"""

from __future__ import annotations

from dataclasses import dataclass

OTHERS = ("anonymous", "other", "run_token", "staff")
TABLE = """
method by   address                                             anonymous other run_token staff owner

GET    api  api/v1/fmus                                               401   200       200   200   200
POST   api  api/v1/fmus                                               400   400       400   400   400
GET    api  api/v1/fmus/<fmu_id>                                      404   404       404   404   200
DELETE api  api/v1/fmus/<fmu_id>                                      404   404       404   404   204
GET    api  api/v1/fmus/<fmu_id>/variables                            404   404       404   404   200
GET    api  api/v1/fmus/<fmu_id>/download                             404   404       404   404   200
POST   api  simulate                                                  404   404       404   404   503
POST   api  api/v1/simulations                                        404   404       404   404   503
GET    api  api/v1/simulations                                        401   200       200   200   200
GET    api  api/v1/simulations/<simulation_id>                        404   404       404   404   200
DELETE api  api/v1/simulations/<simulation_id>                        404   404       404   404   204
POST   api  api/v1/simulations/<simulation_id>/cancel                 404   404       404   404   409
GET    api  api/v1/simulations/<simulation_id>/result.<kind>          404   404       404   404   200
POST   api  pay                                                       404   404       404   404   503
GET    api  buy-credits                                               200   200       200   200   200
POST   api  buy-credits                                               401   503       401   503   503
GET    api  api/v1/payments/<payment_id>                              404   404       404   404   200
GET    api  api/v1/credits                                            401   200       401   200   200
GET    api  api/v1/credits/entries                                    401   200       401   200   200
GET    api  api/v1/metrics                                            401   403       401   200   403

GET    page run/                                                      200   302       200   302   302
POST   page run/                                                      400   400       400   400   400
GET    page dashboard/                                              login   200     login   200   200
POST   page dashboard/                                              login   302     login   302   302
GET    page dashboard/models/                                       login   200     login   200   200
POST   page dashboard/models/                                         400   400       400   400   400
GET    page dashboard/models/<fmu_id>/                                404   404       404   404   200
GET    page dashboard/models/<fmu_id>/run/                            404   404       404   404   200
POST   page dashboard/models/<fmu_id>/run/                            404   404       404   404   302
POST   page dashboard/models/<fmu_id>/delete/                         404   404       404   404   302
GET    page dashboard/simulations/                                  login   200     login   200   200
GET    page dashboard/simulations/<simulation_id>/                    404   404       404   404   200
GET    page dashboard/simulations/<simulation_id>/plot.json           404   404       404   404   200
POST   page dashboard/simulations/<simulation_id>/cancel/             404   404       404   404   302
POST   page dashboard/simulations/<simulation_id>/pay/                404   404       404   404   302
POST   page dashboard/simulations/<simulation_id>/share/              404   404       404   404   302
POST   page dashboard/simulations/<simulation_id>/delete/             404   404       404   404   302
GET    page dashboard/compare/                                        200   200       200   200   200
GET    page s/<share_key>/                                            200   200       200   200   200
GET    page s/<share_key>/plot.json                                   200   200       200   200   200
GET    page s/<share_key>/result.csv                                  200   200       200   200   200
GET    page dashboard/account/                                      login   200     login   200   200
GET    page dashboard/account/delete/                               login   200     login   200   200
POST   page dashboard/account/delete/                               login   200     login   200   200
GET    page dashboard/tokens/                                       login   200     login   200   200
POST   page dashboard/tokens/                                       login   200     login   200   200
POST   page dashboard/tokens/<digest>/revoke/                       login   404     login   404   302
GET    page dashboard/credits/                                      login   200     login   200   200
POST   page dashboard/credits/portal                                login   302     login   302   302
GET    page credits/redeem                                          login   200     login   200   200
POST   page credits/redeem                                          login   422     login   422   422
GET    page buy-credits                                               200   200       406   200   200
POST   page buy-credits                                             login   503       406   503   503
GET    page pay/<payment_id>                                          303   303       303   303   303
POST   page pay/<payment_id>                                          404   404       404   404   302
GET    page pay/return                                                404   404       404   404   404

GET    page                                                           200   200       200   200   200
GET    page docs/                                                     200   200       200   200   200
GET    page docs/<page>/                                              200   200       200   200   200
GET    page docs/api                                                  200   200       200   200   200
GET    page docs/api/                                                 301   301       301   301   301
GET    page openapi.json                                              200   200       200   200   200
GET    page llms.txt                                                  200   200       200   200   200
GET    page problems/<slug>                                           200   200       200   200   200
GET    page status                                                    200   200       200   200   200
GET    page support                                                   200   200       200   200   200
GET    page terms                                                     200   200       200   200   200
GET    page privacy                                                   200   200       200   200   200
GET    page refunds                                                   200   200       200   200   200
GET    page .well-known/security.txt                                  200   200       200   200   200
GET    page robots.txt                                                200   200       200   200   200
GET    page sitemap.xml                                               200   200       200   200   200
GET    page favicon.ico                                               302   302       302   302   302
"""


@dataclass(frozen=True)
class Row:
    """What each gets; expected: outcomes by person."""

    method: str
    by: str
    address: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.by} /{self.address}"


def rows() -> list[Row]:
    head, *lines = [line for line in TABLE.splitlines() if line]
    people = head.split()[3:]
    address = slice(head.index("address"), head.index("anonymous"))
    found = []
    for line in lines:
        method, by, *_ = line.split()
        outcomes = line[address.start :].split()[-len(people) :]
        found.append(Row(method, by, line[address].split(" ")[0], dict(zip(people, outcomes, strict=True))))
    return found
