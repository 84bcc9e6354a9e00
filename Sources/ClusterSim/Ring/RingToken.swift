import CDigest

/// Where a text lies on the circle of 2^64 points.
enum RingToken {
  /// The first 8 bytes, big-endian, of the SHA-1 of the UTF-8 text.
  static func token(_ text: String) -> UInt64 {
    let digest = sha1(text)
    return digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The token of a text that is at hand as bytes, without an array in between.
  @inline(__always)
  static func token(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    var context = SHA1_CTX()
    SHA1Init(&context)
    if let base = bytes.baseAddress {
      SHA1Update(&context, base.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
    return withUnsafeTemporaryAllocation(byteCount: 20, alignment: 8) { digest in
      SHA1Final(digest.baseAddress!.assumingMemoryBound(to: UInt8.self), &context)
      return UInt64(bigEndian: digest.load(as: UInt64.self))
    }
  }

  /// The token of the i-th virtual node (from 0) of a node: that of the text `name#i`.
  static func token(node name: String, virtual index: Int) -> UInt64 {
    token("\(name)#\(index)")
  }

  /// The 20 bytes of the SHA-1 of the UTF-8 text (FIPS 180-4; libmd).
  static func sha1(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { bytes in
      var context = SHA1_CTX()
      SHA1Init(&context)
      if let base = bytes.baseAddress { SHA1Update(&context, base, bytes.count) }
      return [UInt8](unsafeUninitializedCapacity: 20) { digest, count in
        SHA1Final(digest.baseAddress, &context)
        count = 20
      }
    }
  }
}
