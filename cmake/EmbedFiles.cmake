# Writes a C++ source that holds files as string literals:
#   cmake -DOUTPUT=x.cc -DFILES="a|b" -DHEADER=folder/x.h -DNAMESPACE=a::b -DTYPE=File -DFUNCTION=Files -P EmbedFiles.cmake
# HEADER declares in NAMESPACE the struct TYPE (name, content) and the function FUNCTION, which is defined here.
string(REPLACE "|" ";" FILES "${FILES}")
set(SOURCE "// Generated from data files; do not edit.\n#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\nconst std::vector<${TYPE}>& ${FUNCTION}() {\n  static const std::vector<${TYPE}>* const kFiles = new std::vector<${TYPE}>{\n")
file(WRITE ${OUTPUT}.new "${SOURCE}")
foreach(path IN LISTS FILES)
  get_filename_component(name ${path} NAME)
  file(READ ${path} content)
  file(APPEND ${OUTPUT}.new "{\"${name}\", R\"~file~(")
  file(APPEND ${OUTPUT}.new "${content}")
  file(APPEND ${OUTPUT}.new ")~file~\"},\n")
endforeach()
file(APPEND ${OUTPUT}.new "  };\n  return *kFiles;\n}\n\n}  // namespace ${NAMESPACE}\n")
file(RENAME ${OUTPUT}.new ${OUTPUT})
