// Reads the pages for people in a real browser, on a phone and on a desk, with axe looking for what would keep somebody out.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const { CHARTER_URL: base, CHARTER_OFFICER: email, CHARTER_PASSWORD: password, CHROMIUM, SCREENSHOTS } = process.env;
const OFFICE = "/offices/doict-khulna";

const ask = async (method, path, body, token) => {
    const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
    const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.json();
};

// something to show: requests for two services, most of them decided
const services = (await ask("GET", "/v1/services?category=citizen&limit=2")).items;
const { access_token: token } = await ask("POST", "/v1/auth/login", { email, password });
const application = { name: "রহিমা খাতুন", address: "খালিশপুর, খুলনা", mobile: "01711123456", request: "সংশোধন", documents_confirmed: true };
const receipts = [];
for (let number = 0; number < 14; number += 1) {
    const receipt = await ask("POST", "/v1/service-requests", { ...application, service_id: services[number % 2].id });
    const act = (action, version, more) =>
        ask("POST", `/v1/service-requests/${receipt.id}/transitions`, { action, version, ...more }, token);
    if (number < 12) {
        await act("acknowledge", 1);
        await (number < 10
            ? act("complete", 2, { message: "সংশোধন করা হয়েছে <b>।" })
            : act("reject", 2, { reason: "incomplete" }));
    }
    receipts.push(receipt);
}
const grievance = await ask("POST", "/v1/grievances", {
    office: "doict-khulna", anonymous: true, subject: "সেবা পাইনি", description: "কেউ কথা শোনেননি।", declared_true: true,
});

const code = receipts[0].tracking_code;
const pages = [
    { path: "/", says: ["প্রতিশ্রুত সেবাসমূহ", "ভিশন", "অভিযোগ নিষ্পত্তি কর্মকর্তা (অনিক)", "Grievance Redress Officer", "উপজেলা কার্যালয়, পাইকগাছা"] },
    { path: `${OFFICE}?q=${encodeURIComponent("সাইবার")}`, says: ["সাইবার নিরাপত্তা", "১টি সেবা পাওয়া গেছে।", "1 service was found."] },
    { path: `${OFFICE}?q=zzzz`, says: ["০টি সেবা", "0 services"] },
    { path: `/?q=${encodeURIComponent("খুলনা")}`, says: ["দপ্তরসমূহ", "District Office, Khulna"] },
    { path: "/track", says: ["ট্র্যাকিং কোড"] },
    { path: `/track?code=${code}`, says: [code, "সেবা প্রদান সম্পন্ন", "Completed", "সংশোধন করা হয়েছে <b>।"] },
    { path: `/track?code=${grievance.tracking_code}`, says: [grievance.tracking_code, "গৃহীত হয়েছে"] },
    { path: "/track?code=0000-0000-0000-0000", status: 404, says: ["এই কোডে কিছু পাওয়া যায়নি"] },
    { path: `${OFFICE}/statistics?days=90`, says: ["১০০% সময়মতো", "100% were decided in time", "নামঞ্জুর"] },
    { path: "/offices/nowhere", status: 404, says: ["এখানে কিছু পাওয়া যায়নি"] },
];
const widths = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } };

const browser = await chromium.launch({
    executablePath: CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let checked = 0;
try {
    for (const [name, viewport] of Object.entries(widths)) {
        const context = await browser.newContext({ viewport });
        const page = await context.newPage();
        const complaints = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(String(error)));
        for (const { path, status = 200, says } of pages) {
            const answer = await page.goto(base + path);
            assert.equal(answer.status(), status, path);
            const text = await page.innerText("body");
            for (const words of says) assert.ok(text.includes(words), `${name} ${path} does not say ${words}`);
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            assert.ok(overflow <= 0, `${name} ${path} is ${overflow}px too wide`);
            const { violations } = await new AxeBuilder({ page }).analyze();
            assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], `${name} ${path}`);
            if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}-${checked}.png`, fullPage: true });
            checked += 1;
        }
        // a browser tells of a 404 by itself
        assert.deepEqual(complaints.filter((words) => !words.includes("404")), [], name);

        // each column has its head on a desk, and each cell its name on a phone
        await page.goto(base + OFFICE);
        assert.equal(await page.locator("table.services").first().locator("thead th").count(), 8);
        assert.equal(await page.locator("table.services tbody tr").count(), 26);
        assert.equal(await page.locator("tbody .label").first().isVisible(), name === "phone");
        await context.close();
    }

    // read, searched and tracked without JavaScript, by the keyboard
    const plain = await browser.newContext({ javaScriptEnabled: false, viewport: widths.phone });
    const page = await plain.newPage();
    await page.goto(base);
    await page.getByLabel("সেবা খুঁজুন").fill("ই-নথি");
    await page.keyboard.press("Enter");
    await page.waitForURL("**q=*");
    const found = await page.locator("table.services tbody tr").count();
    assert.ok(found > 0 && found < 26, `${found} services`);
    await page.getByRole("link", { name: "আবেদন অনুসরণ" }).click();
    await page.getByLabel("ট্র্যাকিং কোড").fill(code.toLowerCase());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: code }).waitFor();
    // on paper: the charter as a table, without what is for screens
    await page.goto(base);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("form").first().isVisible(), false);
    assert.equal(await page.locator("thead").first().isVisible(), true);
    const paper = await page.pdf({ preferCSSPageSize: true });
    assert.ok(paper.length > 20_000, `${paper.length} bytes`);
    console.log(`${checked} pages read at two widths, nothing in the way; searched and tracked without JavaScript; printed`);
} finally {
    await browser.close();
}
