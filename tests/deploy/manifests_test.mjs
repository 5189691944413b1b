// Renders the Kubernetes manifests and checks them without a cluster: types by the models of the Kubernetes API, and the
// rules that we set ourselves. Exit status 77 tells ctest that the test was skipped.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { unknownFields } from "./unknown_fields.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const kubernetes = join(here, "../../deploy/kubernetes");

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}

const modules = join(here, "node_modules");
if (!existsSync(join(modules, "kubernetes-models"))) skip("npm packages are missing; scripts/bootstrap --tests installs them");
const { parseAllDocuments } = await import("yaml");

function render(folder) {
  for (const [program, ...args] of [["kubectl", "kustomize"], ["kustomize", "build"]]) {
    try {
      return execFileSync(program, [...args, folder], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      if (error.code !== "ENOENT") throw new Error(`${program} cannot render ${folder}: ${error.stderr}`);
    }
  }
  return skip("neither kubectl nor kustomize is there; scripts/bootstrap --tests installs kubernetes-client");
}

let failures = 0;
function check(ok, where, rule) {
  if (ok) return;
  failures += 1;
  console.log(`FAILED ${where}: ${rule}`);
}

// The models' packages by the group of apiVersion.
const groups = { apps: "apps", "": "", policy: "policy", "networking.k8s.io": "networking.k8s.io" };

// Where the model of an object is; undefined if we have none.
function modelPath(object) {
  const [group, version] = object.apiVersion.includes("/") ? object.apiVersion.split("/") : ["", object.apiVersion];
  if (!(group in groups)) return undefined;
  return ["kubernetes-models", groups[group], version, object.kind].filter(Boolean).join("/");
}

async function checkTypes(object, where) {
  const path = modelPath(object);
  check(path !== undefined, where, `unknown API ${object.apiVersion}`);
  if (path === undefined) return;
  try {
    const { [object.kind]: Model } = await import(path);
    new Model(object).validate();
  } catch (error) {
    check(false, where, error.message);
  }
}

async function checkFields(objects) {
  const typed = objects.filter(([, o]) => modelPath(o) !== undefined).map(([where, o]) => [where, modelPath(o), o.kind, o]);
  for (const problem of await unknownFields(modules, typed)) check(false, "fields", problem);
}

// True if every label of the selector is on the object.
const selects = (selector, labels) => Object.entries(selector).every(([key, value]) => labels?.[key] === value);

// Keys of the config file that a verb sees: those at the top, and those of its section before them.
function configOf(text, verb) {
  const config = {};
  let section = "";
  for (const line of text.split("\n")) {
    const header = line.match(/^\[(.+)\]$/);
    const item = line.match(/^([a-z-]+) = "?([^"]*)"?$/);
    if (header) section = header[1];
    else if (item && (section === "" || section === verb)) config[item[1]] = item[2];
  }
  return config;
}

function checkProbes(container, config, where) {
  const health = Number(config["health-listen"]?.split(":").pop());
  for (const [name, service] of [["startupProbe", "liveness"], ["livenessProbe", "liveness"], ["readinessProbe", ""]]) {
    const grpc = container[name]?.grpc;
    check(grpc !== undefined, where, `${name} must be a gRPC probe`);
    check(grpc?.port === health, where, `${name} must ask the health port ${health}`);
    check((grpc?.service ?? "") === service, where, `${name} must ask for '${service}'`);
  }
}

function checkContainer(container, where) {
  const security = container.securityContext ?? {};
  check(security.readOnlyRootFilesystem === true, where, "root file system must be read-only");
  check(security.allowPrivilegeEscalation === false, where, "privilege escalation must be off");
  check(security.capabilities?.drop?.includes("ALL"), where, "all capabilities must be dropped");
  const { requests = {}, limits = {} } = container.resources ?? {};
  check(requests.cpu && requests.memory, where, "must request cpu and memory");
  check(limits.memory, where, "must limit memory");
  check(/(@sha256:[0-9a-f]{64}|:(?!latest$)[\w.-]+)$/.test(container.image), where, `image ${container.image} must be pinned`);
}

function checkPod(workload, objects) {
  const where = `${workload.kind}/${workload.metadata.name}`;
  const { metadata, spec } = workload.spec.template;
  check(selects(workload.spec.selector.matchLabels, metadata.labels), where, "selector must match the pod's labels");
  check(spec.automountServiceAccountToken === false, where, "no token may be mounted");
  check(objects.some((o) => o.kind === "ServiceAccount" && o.metadata.name === spec.serviceAccountName), where, "service account must exist");
  const security = spec.securityContext ?? {};
  check(security.runAsNonRoot === true && security.runAsUser > 0, where, "must run as a numeric user that is not root");
  check(security.seccompProfile?.type === "RuntimeDefault", where, "seccomp profile must be RuntimeDefault");
  check(spec.containers.length === 1, where, "one container a pod");
  for (const container of spec.containers) {
    checkContainer(container, where);
    const [verb] = container.args;
    const volume = spec.volumes.find((v) => v.name === "config");
    const map = objects.find((o) => o.kind === "ConfigMap" && o.metadata.name === volume?.configMap?.name);
    check(map !== undefined, where, "its config map must exist");
    const config = configOf(map?.data["interdict.toml"] ?? "", verb);
    checkProbes(container, config, where);
    check(spec.terminationGracePeriodSeconds > Number(config["drain-seconds"]) + 10, where, "grace period must exceed the drain by more than 10 s");
    for (const [name, key] of [["grpc", "listen"], ["health", "health-listen"], ["metrics", "metrics-listen"]]) {
      const port = container.ports.find((p) => p.name === name)?.containerPort;
      check(config[key] === `0.0.0.0:${port}`, where, `port ${name} (${port}) must be that of ${key} (${config[key]})`);
    }
    if (config.data) {
      check(container.volumeMounts.some((m) => m.mountPath === config.data && m.name === "data"), where, "data folder must be the volume");
      check(workload.spec.volumeClaimTemplates?.some((c) => c.metadata.name === "data"), where, "volume must be claimed");
    }
    checkIndexAddress(config.index, objects, where);
  }
  const labels = metadata.labels;
  check(objects.some((o) => o.kind === "PodDisruptionBudget" && selects(o.spec.selector.matchLabels, labels)), where, "needs a disruption budget");
  checkNetworkPolicy(workload, objects, where);
}

// HOST:PORT of a pod of a StatefulSet behind its headless service.
function checkIndexAddress(address, objects, where) {
  if (address === undefined) return;
  const [host, port] = address.split(":");
  const [pod, service] = host.split(".");
  const set = objects.find((o) => o.kind === "StatefulSet" && pod === `${o.metadata.name}-0` && o.spec.serviceName === service);
  check(set !== undefined, where, `no StatefulSet has the pod of the index address ${address}`);
  const served = objects.find((o) => o.kind === "Service" && o.metadata.name === service);
  check(served?.spec.clusterIP === "None", where, `service ${service} must be headless`);
  check(served?.spec.ports.some((p) => p.port === Number(port)), where, `service ${service} must have port ${port}`);
}

function checkNetworkPolicy(workload, objects, where) {
  const labels = workload.spec.template.metadata.labels;
  const policy = objects.find((o) => o.kind === "NetworkPolicy" && selects(o.spec.podSelector.matchLabels, labels));
  check(policy !== undefined, where, "needs a network policy");
  const open = (policy?.spec.ingress ?? []).flatMap((rule) => rule.ports.map((p) => p.port));
  for (const port of workload.spec.template.spec.containers[0].ports) {
    check(open.includes(port.containerPort), where, `network policy must let port ${port.name} in`);
  }
}

function checkService(service, objects) {
  const where = `Service/${service.metadata.name}`;
  const workload = objects.find((o) => o.spec?.template && selects(service.spec.selector, o.spec.template.metadata.labels));
  check(workload !== undefined, where, "selects no pod");
  for (const port of service.spec.ports) {
    const target = workload?.spec.template.spec.containers[0].ports.find((p) => p.name === port.targetPort);
    check(target?.containerPort === port.port, where, `port ${port.name} must be that of the container`);
  }
}

async function checkShape(name, folder, expected) {
  const objects = parseAllDocuments(render(join(kubernetes, folder))).map((d) => d.toJS()).filter(Boolean);
  const workloads = objects.filter((o) => o.spec?.template);
  check(JSON.stringify(workloads.map((o) => `${o.kind}/${o.metadata.name}`).sort()) === JSON.stringify(expected), name, `must hold ${expected}`);
  for (const object of objects) {
    const where = `${name} ${object.kind}/${object.metadata.name}`;
    await checkTypes(object, where);
    check(object.kind === "ConfigMap" || object.metadata.labels?.["app.kubernetes.io/name"] === "interdict", where, "needs the label app.kubernetes.io/name");
    if (object.kind === "Service") checkService(object, objects);
  }
  await checkFields(objects.map((o) => [`${name} ${o.kind}/${o.metadata.name}`, o]));
  for (const workload of workloads) checkPod(workload, objects);
  console.log(`${name}: ${objects.length} objects checked`);
  return objects;
}

// The checks themselves must be able to fail: a manifest with a wrong type has to be noticed.
async function checkTheChecks(objects) {
  const spoiled = structuredClone(objects.find((o) => o.kind === "StatefulSet"));
  spoiled.spec.replicas = "one";
  const before = failures;
  const log = console.log;
  console.log = () => {};
  await checkTypes(spoiled, "spoiled");
  delete spoiled.spec.template.spec.containers[0].readinessProbe;
  checkPod(spoiled, objects);
  const misspelt = structuredClone(objects.find((o) => o.kind === "StatefulSet"));
  misspelt.spec.template.spec.terminationGracePeriod = 60;
  const typed = failures;
  await checkFields([["misspelt", misspelt]]);
  const unknown = failures - typed;
  console.log = log;
  const found = failures - before;
  failures = before;
  check(found >= 4, "the checks", `must find what is spoiled, found ${found}`);
  check(unknown === 1, "the checks", `must find the unknown field, found ${unknown} problems`);
}

function checkDockerfile() {
  const text = readFileSync(join(here, "../../deploy/Dockerfile"), "utf8");
  const user = text.match(/^USER (\d+)(:\d+)?$/m);
  check(user !== null && Number(user[1]) > 0, "Dockerfile", "must end as a numeric user that is not root");
  const lists = [...text.matchAll(/apt-get install[^\n\\]*((?:\\\n[^\n\\]*)+)/g)].flatMap((m) => m[1].split(/[\\\n]/)).map((w) => w.trim());
  const packages = lists.filter((w) => w !== "" && !w.startsWith("&&"));
  check(packages.length > 10, "Dockerfile", "must list its packages, one a line");
  for (const entry of packages) check(/^[a-z0-9.+-]+=[^\s]+$/.test(entry), "Dockerfile", `package '${entry}' must be pinned`);
}

const base = await checkShape("base", "base", ["Deployment/interdict-ingest", "Deployment/interdict-query", "StatefulSet/interdict-index"]);
await checkShape("small", "overlays/small", ["StatefulSet/interdict"]);
await checkTheChecks(base);
checkDockerfile();
console.log(failures === 0 ? "all rules hold" : `${failures} rules broken`);
process.exit(failures === 0 ? 0 : 1);
