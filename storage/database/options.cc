#include "storage/database/options.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>

namespace interdict::database {
namespace {

constexpr int kBloomBitsPerKey = 10;

// The first of the wanted compressions that this RocksDB was built with.
rocksdb::CompressionType Choose(std::initializer_list<rocksdb::CompressionType> wanted) {
  const std::vector<rocksdb::CompressionType> supported = rocksdb::GetSupportedCompressions();
  for (rocksdb::CompressionType type : wanted) {
    if (std::find(supported.begin(), supported.end(), type) != supported.end()) return type;
  }
  return rocksdb::kNoCompression;
}

}  // namespace

rocksdb::DBOptions MakeDbOptions() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // After a loss of power the last records of the write-ahead log may be torn; all before them are good.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // Several databases live in one process, which by default may have 1024 files open.
  options.max_open_files = 256;
  // A family that is seldom written must not keep old write-ahead logs alive without end.
  options.max_total_wal_size = 128 << 20;
  // Tables are written out on the way, so that a commit that syncs does not wait for all of one.
  options.bytes_per_sync = 1 << 20;
  // RocksDB's own log is for the developer of the moment.
  options.max_log_file_size = 4 << 20;
  options.keep_log_file_num = 4;
  // A manifest holds first and last keys of tables that are long gone, and keys hold words and URLs. Written anew with
  // each change (some 100 bytes a table), it forgets them, so that a purge reaches them.
  options.max_manifest_file_size = 1;
  return options;
}

rocksdb::ColumnFamilyOptions MakeFamilyOptions(uint64_t block_cache_bytes, uint64_t write_buffer_bytes) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = write_buffer_bytes;
  // Most lookups of a fold are for what is not there yet: they need not walk the buffer either.
  options.memtable_prefix_bloom_size_ratio = 0.05;
  options.memtable_whole_key_filtering = true;
  // Cheap where data is still on the move, small where it comes to rest; texts shrink to a third.
  options.compression = Choose({rocksdb::kLZ4Compression, rocksdb::kSnappyCompression});
  options.bottommost_compression = Choose({rocksdb::kZSTD, rocksdb::kLZ4Compression, rocksdb::kSnappyCompression});
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  // Else the memory for indexes and filters grows with the store.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::ColumnFamilyOptions MakePackedFamilyOptions(uint64_t block_cache_bytes, uint64_t write_buffer_bytes) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = write_buffer_bytes;
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kNoCompression;
  // Runs are few and large, and come in sorted: one file each.
  options.target_file_size_base = uint64_t{256} << 20;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.block_size = 8 << 10;
  // Every search needs them: filters and indexes are a few bytes a key.
  table.cache_index_and_filter_blocks = false;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace interdict::database
