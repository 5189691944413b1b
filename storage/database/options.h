// The options with which we open a RocksDB, each with its reason in options.cc.
#pragma once

#include <rocksdb/options.h>

#include <cstdint>

namespace interdict::database {

rocksdb::DBOptions MakeDbOptions();
rocksdb::ColumnFamilyOptions MakeFamilyOptions(uint64_t block_cache_bytes, uint64_t write_buffer_bytes);
rocksdb::ColumnFamilyOptions MakePackedFamilyOptions(uint64_t block_cache_bytes, uint64_t write_buffer_bytes);

}  // namespace interdict::database
