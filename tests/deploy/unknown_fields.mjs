// Finds fields that the Kubernetes API does not know, which its schemas let pass: each object is written as a typed
// literal against the typings of kubernetes-models, and the TypeScript compiler refuses what it does not know.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// `modules`: the node_modules folder. `objects`: [where, module path, kind, object]. Returns "where: problem" lines.
export async function unknownFields(modules, objects) {
  const { default: ts } = await import("typescript");
  const folder = mkdtempSync(join(tmpdir(), "interdict-manifests-"));
  try {
    symlinkSync(modules, join(folder, "node_modules"));
    const files = objects.map(([, path, kind, object], i) => {
      const file = join(folder, `${i}.ts`);
      writeFileSync(file, `import type { I${kind} } from "${path}";\nexport const object: I${kind} = ${JSON.stringify(object, null, 1)};\n`);
      return file;
    });
    const program = ts.createProgram(files, {
      strict: true, noEmit: true, skipLibCheck: true, types: [],
      target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16,
    });
    return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
      const index = files.indexOf(diagnostic.file?.fileName ?? "");
      return `${objects[index]?.[0] ?? "typings"}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
